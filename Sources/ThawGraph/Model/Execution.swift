import ThawTensor

/// How a model computes.
public struct Execution: Hashable, Sendable, CustomStringConvertible {
  /// nil for node by node.
  package let options: CompilerOptions?

  /// Whether results are the same, to the last bit, for any number of threads.
  public private(set) var isDeterministic = false

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

  /// The same with results that do not depend on the number of threads, as in `.compiled.deterministic`; see
  /// `deterministic(_:)`.
  public var deterministic: Execution {
    var execution = self
    execution.isDeterministic = true
    return execution
  }

  /// Runs `body` as deterministically as this says.
  package func run<Result>(_ body: () throws -> Result) rethrows -> Result {
    try isDeterministic ? ThawTensor.deterministic(body) : body()
  }

  /// As people read it.
  public var description: String {
    var words = [options == nil ? "eager" : "compiled"]
    if options?.usesExactConvolution ?? false { words.append("exact convolution") }
    if isDeterministic { words.append("deterministic") }
    return words.joined(separator: ", ")
  }
}
