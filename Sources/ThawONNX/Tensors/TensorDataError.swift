/// What is wrong with a tensor's elements.
public struct TensorDataError: Error, Equatable, Sendable {
  /// The ways in which a tensor can contradict itself.
  public enum Kind: Hashable, Sendable, CaseIterable {
    /// The element type is absent, or `UNDEFINED`.
    case undefinedType
    /// The element type's number is not known.
    case unknownType
    /// A dimension is negative.
    case negativeDimension
    /// The dimensions ask for more than memory can address.
    case sizeOverflow
    /// The bytes do not fit dimensions and type.
    case wrongByteCount
    /// The number of elements does not fit the dimensions.
    case wrongElementCount
    /// The elements are given more than once.
    case severalCarriers
    /// The elements are in a field that does not belong to their type.
    case wrongCarrier
    /// There are no elements where there should be some.
    case missingElements
    /// The tensor is a piece of a larger one.
    case segmented
    /// The elements are outside the file.
    case externalData
    /// The indices of a sparse tensor do not fit its values and dimensions.
    case wrongIndices
    /// The file changed after it was opened.
    case fileChanged
    /// The elements are of another type than was asked for.
    case otherType
  }

  /// What went wrong.
  public var kind: Kind
  /// The tensor's name, empty where it has none.
  public var tensor: String
  /// What should have been there.
  public var expected: String?
  /// What was there.
  public var found: String?

  /// Makes an error.
  public init(_ kind: Kind, tensor: String = "", expected: String? = nil, found: String? = nil) {
    self.kind = kind
    self.tensor = tensor
    self.expected = expected
    self.found = found
  }
}

extension TensorDataError: CustomStringConvertible {
  /// One sentence: the tensor, what is wrong, what was expected and found.
  public var description: String {
    var text = tensor.isEmpty ? "a tensor without a name: " : "tensor \(tensor): "
    text += kind.summary
    switch (expected, found) {
    case (let expected?, let found?): text += ": expected \(expected), found \(found)"
    case (let expected?, nil): text += ": expected \(expected)"
    case (nil, let found?): text += ": found \(found)"
    case (nil, nil): break
    }
    return text
  }

  func of(tensor name: String) -> TensorDataError {
    var error = self
    if error.tensor.isEmpty { error.tensor = name }
    return error
  }
}

extension TensorDataError.Kind {
  fileprivate var summary: String {
    switch self {
    case .undefinedType: "the element type is not given"
    case .unknownType: "the element type is not known"
    case .negativeDimension: "a dimension is negative"
    case .sizeOverflow: "the dimensions are too large"
    case .wrongByteCount: "the data does not fit dimensions and type"
    case .wrongElementCount: "the number of elements does not fit the dimensions"
    case .severalCarriers: "the elements are given more than once"
    case .wrongCarrier: "the elements are in a field that does not belong to their type"
    case .missingElements: "the elements are missing"
    case .segmented: "the tensor is a piece of a larger one, which is not supported"
    case .externalData: "the elements are outside the file, and were not opened with it"
    case .wrongIndices: "the indices of a sparse tensor do not fit"
    case .fileChanged: "the file changed after it was opened"
    case .otherType: "the elements are of another type"
    }
  }
}
