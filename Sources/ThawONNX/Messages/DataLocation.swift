extension TensorProto {
  /// Where a tensor's elements are.
  ///
  /// A struct and not an enum, so that a number from a newer schema survives.
  public struct DataLocation: RawRepresentable, Hashable, Sendable {
    /// The number in the file.
    public let rawValue: Int32

    /// Makes a location from the number in a file.
    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// In the message, in one of its carriers.
    public static let inline = Self(rawValue: 0)
    /// In a file of their own, described by `externalData`.
    public static let external = Self(rawValue: 1)
  }
}
