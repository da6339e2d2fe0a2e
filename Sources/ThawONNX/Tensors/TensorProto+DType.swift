public import ThawTypes

extension TensorProto {
  /// The element type, nil when the file does not say or this version does not know the number.
  public var dtype: DType? {
    get { dataType.flatMap(DType.init) }
    set { dataType = newValue?.rawValue }
  }
}
