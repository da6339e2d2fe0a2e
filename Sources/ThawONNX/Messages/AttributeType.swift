extension AttributeProto {
  /// The numbers that say which field of an attribute holds its value.
  ///
  /// A struct and not an enum, so that a number from a newer schema survives.
  public struct AttributeType: RawRepresentable, Hashable, Sendable {
    /// The number in the file.
    public let rawValue: Int32

    /// Makes a type from the number in a file.
    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// Nothing; not valid in a model.
    public static let undefined = Self(rawValue: 0)
    /// A number, in `f`.
    public static let float = Self(rawValue: 1)
    /// A whole number, in `i`.
    public static let int = Self(rawValue: 2)
    /// Bytes, in `s`.
    public static let string = Self(rawValue: 3)
    /// A tensor, in `t`.
    public static let tensor = Self(rawValue: 4)
    /// A graph, in `g`.
    public static let graph = Self(rawValue: 5)
    /// Numbers, in `floats`.
    public static let floats = Self(rawValue: 6)
    /// Whole numbers, in `ints`.
    public static let ints = Self(rawValue: 7)
    /// Byte strings, in `strings`.
    public static let strings = Self(rawValue: 8)
    /// Tensors, in `tensors`.
    public static let tensors = Self(rawValue: 9)
    /// Graphs, in `graphs`.
    public static let graphs = Self(rawValue: 10)
    /// A sparse tensor, in `sparseTensor`.
    public static let sparseTensor = Self(rawValue: 11)
    /// Sparse tensors, in `sparseTensors`.
    public static let sparseTensors = Self(rawValue: 12)
    /// A type, in `tp`.
    public static let typeProto = Self(rawValue: 13)
    /// Types, in `typeProtos`.
    public static let typeProtos = Self(rawValue: 14)
  }
}
