import ThawTypes

/// An n-dimensional array of one element type, a leaf or a result of automatic differentiation.
///
/// A tensor never changes: operations give new tensors, some of which look at the same memory. Whether it requires a
/// gradient is fixed when it is made.
public struct Tensor: Sendable {
  public let dtype: DType
  /// The sizes of the dimensions; empty for a scalar. While recording, those of the trial inputs.
  public let shape: [Int]
  package let contents: Contents
  package let link: AutogradLink?

  package enum Contents: Sendable {
    /// Elements in memory: the first at `offset`, neighbours along an axis `strides[axis]` apart, both in elements.
    case memory(Storage, offset: Int, strides: [Int])
    /// Byte strings, row-major.
    case strings([[UInt8]])
    /// A value of a recording: a type, no elements.
    case traced(TracedValue)
    /// The result of an operation that failed; the error is in the error scope.
    case poisoned(any Error)
  }

  package init(dtype: DType, shape: [Int], contents: Contents, link: AutogradLink? = nil) {
    self.dtype = dtype
    self.shape = shape
    self.contents = contents
    self.link = link
  }

  /// A row-major tensor over `storage`.
  package init(dtype: DType, shape: [Int], storage: Storage, offset: Int = 0) {
    self.init(
      dtype: dtype, shape: shape,
      contents: .memory(storage, offset: offset, strides: Strides.contiguous(for: shape)))
  }

  /// The number of dimensions.
  public var rank: Int { shape.count }

  /// The number of elements.
  public var count: Int { shape.reduce(1, *) }

  /// The element type and the dimensions; named dimensions where a recording knows names.
  public var type: TensorType {
    if case .traced(let value) = contents { return value.type }
    return TensorType(dtype, shape: shape)
  }

  /// The same elements with another place in the graph of automatic differentiation.
  package func linked(to link: AutogradLink?) -> Tensor {
    Tensor(dtype: dtype, shape: shape, contents: contents, link: link)
  }

  package var isTraced: Bool { if case .traced = contents { true } else { false } }

  package var poison: (any Error)? { if case .poisoned(let error) = contents { error } else { nil } }

  package var strides: [Int]? { if case .memory(_, _, let strides) = contents { strides } else { nil } }

  /// Whether the elements lie row-major without gaps.
  package var isContiguous: Bool {
    guard case .memory(_, _, let strides) = contents else { return false }
    return Strides.isContiguous(strides, for: shape)
  }
}
