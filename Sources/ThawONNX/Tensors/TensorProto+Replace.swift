internal import ThawTypes

extension TensorProto {
  /// Makes a tensor with its elements in `raw_data`, or in `string_data` for strings.
  public init(name: String, _ data: TensorData) {
    self.init()
    self.name = name
    replaceContents(with: data)
  }

  /// Gives the tensor other elements and leaves the rest as it is.
  ///
  /// The carrier stays the one that was in use: a tensor that came in `float_data` leaves in `float_data`. Where there
  /// was none, or it cannot hold the new type, it is `raw_data`. Elements that were outside the file come inside, until
  /// a model is saved with them.
  public mutating func replaceContents(with data: TensorData) {
    let typed = Carrier.typed(for: data.dtype)
    let keepsTyped = carriers == [typed] || data.dtype == .string
    clearCarriers()
    if dataLocation == .external {
      formerPlace = externalData
      bringInside()
    }
    dims = data.dims.map(Int64.init)
    dataType = data.dtype.rawValue
    switch data.elements {
    case .strings(let strings): stringData = strings
    case .bytes(let bytes) where keepsTyped: fill(typed, data.dtype, bytes)
    case .bytes(let bytes): rawData = bytes
    }
  }

  /// Forgets where the elements were outside the file.
  mutating func bringInside() {
    dataLocation = nil
    externalData = []
    externalBytes = nil
  }

  private mutating func fill(_ carrier: Carrier, _ dtype: DType, _ bytes: ByteRegion) {
    switch carrier {
    case .floats: floatData = bytes.elements()
    case .doubles: doubleData = bytes.elements()
    case .int64s: int64Data = bytes.elements()
    case .uint64s:
      uint64Data = dtype == .uint64 ? bytes.elements() : bytes.elements(as: UInt32.self).map(UInt64.init)
    case .raw, .strings: rawData = bytes
    case .int32s:
      int32Data =
        switch dtype {
        case .int32: bytes.elements()
        case .int16: bytes.elements(as: Int16.self).map(Int32.init)
        case .uint16, .float16, .bfloat16: bytes.elements(as: UInt16.self).map(Int32.init)
        case .int8: bytes.elements(as: Int8.self).map(Int32.init)
        default: bytes.elements(as: UInt8.self).map(Int32.init)
        }
    }
  }
}

extension ByteRegion {
  /// The bytes as an array of numbers; a remainder is left out.
  func elements<Element: BitwiseCopyable>(as _: Element.Type = Element.self) -> [Element] {
    withUnsafeBytes { source in
      let count = source.count / MemoryLayout<Element>.stride
      return [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
        let size = count * MemoryLayout<Element>.stride
        UnsafeMutableRawBufferPointer(buffer).copyMemory(from: UnsafeRawBufferPointer(rebasing: source[..<size]))
        initialized = count
      }
    }
  }
}
