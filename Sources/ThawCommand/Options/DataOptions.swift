import ArgumentParser
import Thaw

/// What to train on and what to measure on.
struct DataOptions: ParsableArguments {
  @Option(help: "The data to train on: a file, a folder, or NAME=FILE for each array; see above.", completion: .file())
  var data: [String]
  @Option(help: "Held-out data to measure on, before and after; the training data when left out.", completion: .file())
  var test: [String] = []
  @OptionGroup var format: DataFormatOptions
}

/// How data files are read; `finetune` and `evaluate` take the same.
struct DataFormatOptions: ParsableArguments {
  static let help = """
    Data is a .npz file; CSV or TSV text with a header (also .gz); a folder of ONNX tensors (input_0.pb, target.pb), or \
    of such folders; or several --data NAME=FILE with one array each: .npy, IDX (also .gz), .pb. Arrays are named like \
    the model's inputs, and 'target'; first axes count samples. Of text, the only input reads all columns but the \
    target, in the shape it declares. Data stays in its file where it can, so it may be larger than memory.
    """

  @Option(help: "The array or column that the model should give; of text also several, with commas.")
  var target = "target"
  @Option(help: "The columns of text to read: A,B or A-B or *; for one of several inputs, INPUT=A,B.")
  var columns: [String] = []
  @Flag(help: "Text begins with data, and its columns are named 1, 2, 3, ….") var noHeader = false
  @Option(help: "The names of the classes in the target column of text, in the order of their numbers: A,B,C.")
  var classes: String?
  @Option(help: "Multiplies the numbers for floating inputs, as in 1/255; for one input, INPUT=1/255.")
  var scale: [NamedNumber] = []
  @Option(help: "Adds to the numbers for floating inputs, after --scale; for one input, INPUT=-0.5.")
  var offset: [NamedNumber] = []

  var reading: DataReading {
    var scalings: [String: DataReading.Scaling] = [:]
    for scale in scale { scalings[scale.name, default: .init()].factor = scale.number }
    for offset in offset { scalings[offset.name, default: .init()].offset = offset.number }
    return DataReading(
      target: target, columns: columns, hasHeader: !noHeader,
      classes: classes?.split(separator: ",", omittingEmptySubsequences: false).map(String.init) ?? [],
      scalings: scalings)
  }

  /// Opens data as the options say.
  func open(_ files: [String]) throws -> Dataset {
    try Activity.run("opening the data") { try Dataset(files: files, reading) }
  }
}

/// A number or a fraction, with or without the name of what it is for.
struct NamedNumber: ExpressibleByArgument {
  /// Empty where there is none.
  let name: String
  let number: Double

  init?(argument: String) {
    let parts = argument.split(separator: "=", omittingEmptySubsequences: false)
    let terms = (parts.last ?? "").split(separator: "/", omittingEmptySubsequences: false).map { Double($0) }
    guard parts.count <= 2, terms.count <= 2, let first = terms[0], let second = terms.count == 2 ? terms[1] : 1,
      (first / second).isFinite
    else { return nil }
    name = parts.count == 2 ? String(parts[0]) : ""
    number = first / second
  }
}
