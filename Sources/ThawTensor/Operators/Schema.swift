import ThawTypes

/// What is known of an operator before any node of it is read: its name, versions, inputs, outputs and manners.
public struct Schema: Sendable {
  /// ONNX's name, such as `Conv`.
  public let name: String
  public let domain: Domain
  /// Every published version that the operator's `init(_:)` decodes, ascending. A model of opset *n* means the newest
  /// listed version not above *n*.
  public let versions: [Int]
  public let inputs: [Input]
  public let outputs: [Output]
  public let batch: BatchBehaviour
  public let differentiability: Differentiability
  /// The name in `gradFn`, before "Backward0"; PyTorch's where it has the operation.
  public let autogradName: String

  public init(
    _ name: String, domain: Domain = .onnx, versions: [Int], inputs: [Input], outputs: [Output] = [.init("Y")],
    batch: BatchBehaviour, differentiability: Differentiability = .differentiable, autogradName: String? = nil
  ) {
    self.name = name
    self.domain = domain
    self.versions = versions
    self.inputs = inputs
    self.outputs = outputs
    self.batch = batch
    self.differentiability = differentiability
    self.autogradName = autogradName ?? name
  }

  /// The formal input at `index`; a variadic last one stands for all that follow.
  public func input(at index: Int) -> Input? {
    index < inputs.count ? inputs[index] : inputs.last.flatMap { $0.isVariadic ? $0 : nil }
  }
}

/// The namespace of an operator, spelt as in a model's `opset_import`; a literal names one of your own.
public struct Domain: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral {
  public let rawValue: String

  public init(rawValue: String) { self.rawValue = rawValue == "ai.onnx" ? "" : rawValue }
  public init(stringLiteral name: String) { self.init(rawValue: name) }

  /// ONNX's own, written as the empty string or "ai.onnx".
  public static let onnx: Domain = ""
  /// ONNX's classical machine learning.
  public static let onnxML: Domain = "ai.onnx.ml"
  /// ONNX's preview of operators to come.
  public static let onnxPreview: Domain = "ai.onnx.preview"
  /// ONNX's preview of training.
  public static let onnxTraining: Domain = "ai.onnx.preview.training"
  /// What ONNX Runtime adds to ONNX; Thaw has what its quantizer, and its optimizer of BERT-like models, write.
  public static let microsoft: Domain = "com.microsoft"
  /// Thaw's fused backward passes and a few helpers; each expands into ONNX operators.
  public static let thaw: Domain = "thaw"

  /// Whether Thaw defines what its operators mean.
  var isBuiltIn: Bool { [.onnx, .onnxML, .onnxPreview, .onnxTraining, .microsoft, .thaw].contains(self) }
}

/// One formal input of an operator.
public struct Input: Sendable {
  /// What an operator does with an input, which decides whether an unmarked weight there trains.
  public enum Use: Sendable {
    /// Data: gradients flow.
    case data
    /// The place of a layer's weight, scale or bias: gradients flow, and a tensor stored here is a parameter.
    case weight
    /// Running statistics, which no gradient changes.
    case buffer
    /// A setting, such as Clip's bounds: gradients may flow, yet a tensor stored here does not train by itself.
    case setting
    /// No gradient exists for it: indices, shapes, axes, conditions.
    case index
  }

  public let name: String
  public let use: Use
  /// Whether the values, not only the type, must be known to tell the outputs' types or to plan a kernel.
  public let isNeededAsValue: Bool
  public let isOptional: Bool
  /// Whether it stands for any number of inputs; only the last may.
  public let isVariadic: Bool

  public init(
    _ name: String, _ use: Use = .data, value isNeededAsValue: Bool = false, optional isOptional: Bool = false,
    variadic isVariadic: Bool = false
  ) {
    self.name = name
    self.use = use
    self.isNeededAsValue = isNeededAsValue
    self.isOptional = isOptional
    self.isVariadic = isVariadic
  }
}

/// One formal output of an operator.
public struct Output: Sendable {
  public let name: String
  public let isOptional: Bool
  public let isVariadic: Bool
  /// Whether gradients flow back from it; integer and bool outputs never carry any.
  public let isDifferentiable: Bool

  public init(
    _ name: String, optional isOptional: Bool = false, variadic isVariadic: Bool = false,
    differentiable isDifferentiable: Bool = true
  ) {
    self.name = name
    self.isOptional = isOptional
    self.isVariadic = isVariadic
    self.isDifferentiable = isDifferentiable
  }
}

/// How an operator treats the samples of a batch; see `Operator.batchAxes(of:)`, which tells more for given inputs.
public enum BatchBehaviour: Sendable {
  /// Each element by itself, broadcasting aside.
  case elementwise
  /// Each sample of the first input by itself, whatever its inner structure, samples lying along the first axis; other
  /// inputs are the same for all.
  case rowwise
  /// The first input's elements stay in their row-major order.
  case reshaping
  /// Samples may meet.
  case mixing
  /// Numbers are drawn: the next call gives others.
  case drawing
}

/// Whether an operator has a gradient at all.
public enum Differentiability: Sendable {
  case differentiable
  /// Constant almost everywhere: the gradient is 0 where there is one.
  case zero
  /// Mathematically without a gradient; the reason is shown to the user.
  case never(because: String)
  /// A gradient exists, and Thaw does not have it yet.
  case missing
}
