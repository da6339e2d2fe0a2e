/// How a model computes.
public struct Execution: Hashable, Sendable, CustomStringConvertible {
  /// nil for node by node.
  package let options: CompilerOptions?

  package init(options: CompilerOptions?) { self.options = options }

  /// Node by node, each by itself.
  public static let eager = Execution(options: nil)

  /// By a program made for the types of the inputs: kernels in order, operations fused, memory planned ahead.
  ///
  /// Its results differ from those of eager execution in the last digits. What cannot be a program, because shapes or
  /// decisions depend on numbers, is computed node by node, and so is what needs a `gradFn`.
  public static let compiled = compiled(exactConvolution: false)

  /// See `compiled`.
  ///
  /// - Parameter exactConvolution: whether convolutions are computed as they are defined, and never by Winograd's
  ///   algorithm, which is faster and rounds otherwise (relative differences of about 1e-6).
  public static func compiled(exactConvolution: Bool) -> Execution {
    Execution(options: CompilerOptions(usesExactConvolution: exactConvolution))
  }

  /// As people read it.
  public var description: String {
    guard let options else { return "eager" }
    return options.usesExactConvolution ? "compiled, exact convolution" : "compiled"
  }
}
