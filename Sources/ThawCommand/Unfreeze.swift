import ArgumentParser
import Thaw

/// `thaw unfreeze`.
struct Unfreeze: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unfreeze",
    abstract: "Lets frozen parameters of a model train.",
    discussion: """
      A constant becomes a parameter when it is named in full.

      Example: thaw unfreeze model.onnx 'head.*' -o model.onnx
      """)

  @OptionGroup var arguments: RoleArguments

  func run() throws { try arguments.change { try $0.unfreeze($1) } }
}
