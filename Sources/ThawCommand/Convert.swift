import ArgumentParser
import Foundation
import Thaw

/// `thaw convert`.
struct Convert: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Writes a model another way: opset, types of weights, side-cars, gzip, text, JSON.",
    discussion: """
      The computation and the roles stay what they are. --float keeps weights in another type and casts them back where \
      they are used, so that only their rounding shows. A name that ends in .gz gives a compressed file, .onnxtxt \
      ONNX's textual syntax, .onnxjson or .json JSON.

      Examples: thaw convert model.onnx --opset 21 --fold --prune -o new.onnx
                thaw convert model.onnx --float float16 -o half.onnx
                thaw convert model.onnx --to text
      """)

  @Argument(help: "The model, an .onnx file.", completion: .model) var model: String
  @OptionGroup(title: "Opening") var opening: OpeningOptions
  @Option(help: "The opset of ONNX's operators to upgrade to.") var opset: Int?
  @Flag(help: "Computes what follows from constants alone once.") var fold = false
  @Flag(help: "Removes nodes, weights and functions that no output needs.") var prune = false
  @Option(help: "The type to keep weights in: float16, bfloat16, float32 or float64.") var float: FloatName?
  @Flag(help: "Puts large tensors into a file beside the model, MODEL.data.") var externalData = false
  @Flag(help: "Puts all tensors into the model's file.") var embed = false
  @Option(help: "Another form: text or json; printed where no -o is given.") var to: ModelForm?
  @Option(name: [.customShort("o"), .long], help: "Where to save the model.", completion: .file()) var out: String?

  func validate() throws {
    guard !externalData || !embed else { throw ValidationError("--external-data and --embed exclude each other") }
    guard out != nil || to != nil else { throw ValidationError("give -o FILE, or --to text or --to json to print") }
    let form = to ?? out.flatMap { ModelForm(path: $0) }
    guard form == nil || !externalData else { throw ValidationError("text and JSON have no external data") }
  }

  func run() throws {
    if let out { try TensorFile.checkWritable(out) }
    var conversion = Conversion()
    conversion.opset = opset
    conversion.foldsConstants = fold
    conversion.removesUnused = prune
    conversion.storage = float?.dtype
    let opened = try opening.open(model)
    let (result, notes) = try Activity.run("converting") { try opened.converted(conversion) }
    for note in notes { Console.remark(note) }
    let form = to ?? out.flatMap { ModelForm(path: $0) }
    guard let out else {
      if let form { try result.write(as: form) { FileHandle.standardOutput.write(Data($0)) } }
      return
    }
    try Activity.run("saving \(out)") {
      if let form {
        try result.write(as: form, to: out)
      } else {
        try result.save(to: out, externalData: externalData ? .always : embed ? .never : .automatic)
      }
    }
    Console.line("saved: \(out)")
  }
}

/// A floating type as it is written on the command line.
enum FloatName: String, ExpressibleByArgument, CaseIterable {
  case float16, bfloat16, float32, float64

  var dtype: DType {
    switch self {
    case .float16: .float16
    case .bfloat16: .bfloat16
    case .float32: .float32
    case .float64: .float64
    }
  }
}

extension ModelForm: ExpressibleByArgument {}
