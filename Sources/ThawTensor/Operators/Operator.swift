import ThawTypes

/// An operation on values: its stored properties are its decoded attributes.
///
/// The same value is the tape's entry, a graph node's payload, a cache key and what is written to a file. Conform to
/// `Primitive` or `Composite`, not to this.
public protocol Operator: Hashable, Sendable {
  static var schema: Schema { get }

  /// Decodes a node of any listed version into the one canonical value.
  ///
  /// - Throws: `TensorError` of kind `operand` or `unsupported`, naming the attribute.
  init(_ node: NodeReader) throws

  /// The attributes as ONNX writes them in `opset`; the inverse of `init(_:)`.
  func attributes(opset: Int) throws -> [String: Attribute]

  /// The oldest opset in which `attributes(opset:)` and the canonical inputs mean this operation.
  var minimumOpset: Int { get }

  /// The inputs that `opset` writes as attributes, by position, with the attributes' names; nil where it cannot write
  /// the operation, knowing so much of its inputs' values.
  func inputsAsAttributes(opset: Int, present: [Bool], known: KnownValues) -> [Int: String]?

  /// The types of the outputs, from those of the inputs (nil for an absent one) and what is known of their values.
  ///
  /// - Throws: `TensorError` when no values of these types could be computed with.
  func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType]

  /// Where the samples of a batch lie in the outputs; what the schema says unless it is defined.
  ///
  /// An output is nil where samples may meet: where an entry of it may depend on several samples, or on a sample's
  /// place in the batch.
  func batchAxes(of batch: BatchLayout) -> [BatchAxis?]

  /// Computes through the door; `apply(_:to:)` calls this, `Primitive` and `Composite` define it.
  func evaluate(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?]

  /// Whether an eager call would put a node into the graph of automatic differentiation.
  var isDifferentiable: Bool { get }

  /// Whether a call draws random numbers, so that the next one may give others.
  var draws: Bool { get }

  /// What of this operation Thaw has no gradient of yet, by name and mode; nil where it has all.
  var missingGradient: String? { get }
}

extension Operator {
  /// See `Self.schema`.
  public var schema: Schema { Self.schema }
  public func attributes(opset: Int) throws -> [String: Attribute] { [:] }
  /// The newest version that opset 17 has, or the operator's last: right unless the node is written another way there.
  public var minimumOpset: Int {
    let versions = Self.schema.versions
    return versions.last { $0 <= Operators.recordingOpset } ?? versions.last ?? 1
  }
  public func inputsAsAttributes(opset: Int, present: [Bool], known: KnownValues) -> [Int: String]? {
    opset < minimumOpset ? nil : [:]
  }
  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    switch Self.schema.batch {
    case .elementwise: batch.elementwise()
    case .rowwise: batch.rowwise()
    case .reshaping: batch.reshaped()
    case .mixing, .drawing: batch.mixed
    }
  }
  public var isDifferentiable: Bool {
    if case .never = Self.schema.differentiability { false } else { true }
  }
  public var draws: Bool { false }
  public var missingGradient: String? {
    if case .missing = Self.schema.differentiability { Self.schema.name } else { nil }
  }
}

/// An operation with a kernel and a pullback of its own.
public protocol Primitive: Operator {
  /// Computes the outputs eagerly. Inputs are data in memory; none requires a gradient.
  ///
  /// Outputs that are not `wanted` may be nil. Outputs beyond the schema's are for the pullback alone.
  func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?]

  /// The outputs that must be computed, wanted or not, because `saved` reads them.
  func outputsToSave(needs: InputMask) -> OutputMask

  /// What the pullback for the needed inputs reads: some of the inputs and outputs, in an order of its own.
  func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?]

  /// Whether gradients flow back from a floating output; what the schema says unless it is defined.
  func isDifferentiable(output index: Int) -> Bool

  /// The gradients of the needed inputs, from those of the outputs (nil where nothing flowed back).
  ///
  /// Written in tensor operations only, so that it can itself be differentiated and traced. A result may have the
  /// broadcast shape; `Backward` sums it to the input's. nil means zero.
  func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?]
}

extension Primitive {
  public func outputsToSave(needs: InputMask) -> OutputMask { .none }
  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] { [] }
  public func isDifferentiable(output index: Int) -> Bool {
    let outputs = Self.schema.outputs
    if index < outputs.count { return outputs[index].isDifferentiable }
    return outputs.last.map { $0.isVariadic && $0.isDifferentiable } ?? false
  }
  /// For operators whose schema says that no gradient exists, or that none is implemented; `apply` never gets here.
  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    throw TensorError(.unsupported, "\(Self.schema.name) has no gradient")
  }
}

/// An operation that is one expression in other operations; gradients follow from theirs.
public protocol Composite: Operator {
  func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?]
}

/// A primitive of Thaw's own domain, which is also an expression in ONNX's operators (opset 18).
///
/// The expansion is the second derivative under `createGraph`, the fallback where a kernel is missing, and what
/// exporting a training step writes.
public protocol Expandable: Primitive {
  func expansion(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?]
}

/// An operation that only older opsets can write as one node.
///
/// A recording takes its successor down instead.
package protocol Superseded: Operator {
  /// Whether this operation, by its attributes, is such a one.
  var isSuperseded: Bool { get }
  /// The same in operators of the opset of recordings.
  func successor(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?]
}

/// What is known of the values of an operator's inputs while types are inferred.
public struct KnownValues: Sendable {
  private let values: [Tensor?]

  public init(_ values: [Tensor?] = []) { self.values = values }

  /// The values of input `index`, where they are known.
  public subscript(index: Int) -> Tensor? { index < values.count ? values[index] : nil }

  /// The values of input `index` as integers, nil when they are unknown.
  public func integers(_ index: Int) throws -> [Int]? { try self[index]?.integers() }
}

/// Takes down operations instead of computing them.
package protocol Recorder: AnyObject, Sendable {
  /// Whether the recording may become a file, so that it holds no more than ONNX can say.
  var isForFile: Bool { get }

  /// Whether an operation on data is taken down too, instead of being computed once and for all.
  func takes(_ operation: any Operator, of inputs: [Value?]) -> Bool

  /// Adds a node and gives its outputs: traced tensors, or data where it follows from what is known.
  func record(_ operation: any Operator, inputs: [Value?], wanted: OutputMask) throws -> [Value?]
}

/// A value of a recording.
package final class TracedValue: Sendable {
  /// The recorder that made it; a value of another or of a finished recording is an error.
  package let recorder: ObjectIdentifier
  package let index: Int
  package let type: TensorType
  /// The numbers it has in this trial, where they follow from shapes; they may be others at other sizes.
  package let trial: Tensor?

  package init(recorder: ObjectIdentifier, index: Int, type: TensorType, trial: Tensor? = nil) {
    self.recorder = recorder
    self.index = index
    self.type = type
    self.trial = trial
  }
}
