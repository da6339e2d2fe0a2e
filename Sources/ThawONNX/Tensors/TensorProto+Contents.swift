internal import ThawTypes

extension TensorProto {
  /// The elements, from whichever carrier holds them.
  ///
  /// Elements in `raw_data` are a view of the file; those in other fields are copied. In `int32_data`, bits above the
  /// element's width are ignored, as every reader of ONNX does.
  ///
  /// - Throws: ``TensorDataError`` when type, dimensions and elements contradict each other, when they are outside the
  ///   file and were not opened with it, or when a file changed after it was opened.
  public func contents() throws(TensorDataError) -> TensorData {
    do throws(TensorDataError) {
      let layout = try layout()
      if layout.isExternal { return try externalContents(layout) }
      if layout.carrier == .raw, let rawData {
        try checkUnchanged(rawData)
        return try TensorData(layout.dtype, layout.dims, bytes: rawData)
      }
      return try typedContents(layout)
    } catch {
      throw error.of(tensor: name ?? "")
    }
  }

  /// Checks what ``contents()`` checks, without reading any element.
  ///
  /// Of elements outside the file, only that their place is given.
  ///
  /// - Throws: ``TensorDataError`` when type, dimensions and elements contradict each other.
  public func checkLayout() throws(TensorDataError) {
    do throws(TensorDataError) {
      _ = try layout()
    } catch {
      throw error.of(tensor: name ?? "")
    }
  }

  /// What the elements are and where.
  private struct Layout {
    var dtype: DType
    var dims: [Int]
    var carrier: Carrier
    var isExternal = false
  }

  private func layout() throws(TensorDataError) -> Layout {
    let dtype = try checkedType()
    let dims = try checkedDims()
    if segment != nil { throw TensorDataError(.segmented) }
    let count = DType.elementCount(of: dims) ?? 0
    let typed = Carrier.typed(for: dtype)
    if dataLocation == .external {
      guard externalData.contains(where: { $0.key == "location" && $0.value?.isEmpty == false }) else {
        throw TensorDataError(.missingElements, expected: "a location of the external data")
      }
      guard dtype != .string else {
        throw TensorDataError(.wrongCarrier, expected: "\(typed.rawValue) for string", found: "external data")
      }
      return Layout(dtype: dtype, dims: dims, carrier: typed, isExternal: true)
    }
    let inUse = carriers
    guard inUse.count <= 1 else {
      throw TensorDataError(.severalCarriers, found: inUse.map(\.rawValue).joined(separator: " and "))
    }
    let carrier = inUse.first ?? typed
    if inUse.isEmpty, count > 0 {
      throw TensorDataError(.missingElements, expected: "\(count) of \(dtype) in raw_data or \(typed.rawValue)")
    }
    guard carrier == typed || carrier == .raw && dtype != .string else {
      throw TensorDataError(.wrongCarrier, expected: "\(typed.rawValue) for \(dtype)", found: carrier.rawValue)
    }
    if carrier == .raw, let rawData {
      _ = try TensorData(dtype, dims, bytes: rawData)
    } else {
      let expected = Carrier.entries(for: count, of: dtype)
      let found = entries(in: carrier)
      guard found == expected else {
        throw TensorDataError(
          .wrongElementCount, expected: "\(expected) entries in \(carrier.rawValue) for \(dims) of \(dtype)",
          found: "\(found)")
      }
    }
    return Layout(dtype: dtype, dims: dims, carrier: carrier)
  }

  /// How many bytes of `raw_data`, or entries of a typed field, there are beyond what type and dimensions ask for; nil
  /// where the tensor is not sound but for these.
  package var surplus: Int? {
    guard dataLocation != .external, segment == nil, let dtype = try? checkedType(), let sizes = try? checkedDims(),
      let count = DType.elementCount(of: sizes), let carrier = carriers.first, carriers.count == 1
    else { return nil }
    let isRaw = carrier == .raw
    let found = isRaw ? rawData?.count ?? 0 : entries(in: carrier)
    guard let expected = isRaw ? dtype.byteCount(of: count) : Carrier.entries(for: count, of: dtype),
      isRaw || carrier == Carrier.typed(for: dtype), found > expected
    else { return nil }
    return found - expected
  }

  private func checkedType() throws(TensorDataError) -> DType {
    guard let number = dataType, number != 0 else { throw TensorDataError(.undefinedType) }
    guard let dtype = DType(rawValue: number) else { throw TensorDataError(.unknownType, found: "\(number)") }
    return dtype
  }

  private func checkedDims() throws(TensorDataError) -> [Int] {
    if let negative = dims.first(where: { $0 < 0 }) {
      throw TensorDataError(.negativeDimension, found: "\(negative) in \(dims)")
    }
    let sizes = dims.compactMap(Int.init(exactly:))
    guard sizes.count == dims.count, DType.elementCount(of: sizes) != nil else {
      throw TensorDataError(.sizeOverflow, found: "\(dims)")
    }
    return sizes
  }

  private func checkUnchanged(_ region: ByteRegion) throws(TensorDataError) {
    do throws(FileError) {
      try region.mapping?.checkUnchanged()
    } catch {
      throw TensorDataError(.fileChanged, found: error.description)
    }
  }

  private func externalContents(_ layout: Layout) throws(TensorDataError) -> TensorData {
    guard let externalBytes else {
      let location = externalData.first { $0.key == "location" }?.value
      throw TensorDataError(.externalData, found: location.map { "location \($0)" })
    }
    try checkUnchanged(externalBytes)
    return try TensorData(layout.dtype, layout.dims, bytes: externalBytes)
  }

  /// The bytes that elements outside the file take; nil where they are inside, or type and dimensions are not sound.
  var externalByteCount: Int? {
    guard let layout = try? layout(), layout.isExternal else { return nil }
    return DType.elementCount(of: layout.dims).flatMap(layout.dtype.byteCount)
  }

  private func typedContents(_ layout: Layout) throws(TensorDataError) -> TensorData {
    let bytes: ByteRegion
    switch layout.carrier {
    case .strings: return try TensorData(layout.dims, strings: stringData)
    case .floats: bytes = ByteRegion(memoryOf: floatData)
    case .doubles: bytes = ByteRegion(memoryOf: doubleData)
    case .int64s: bytes = ByteRegion(memoryOf: int64Data)
    case .uint64s where layout.dtype == .uint64: bytes = ByteRegion(memoryOf: uint64Data)
    case .uint64s: bytes = ByteRegion(memoryOf: uint64Data.map(UInt32.init(truncatingIfNeeded:)))
    case .raw, .int32s: bytes = narrowed(int32Data, to: layout.dtype)
    }
    return try TensorData(layout.dtype, layout.dims, bytes: bytes)
  }

  private func narrowed(_ entries: [Int32], to dtype: DType) -> ByteRegion {
    switch dtype {
    case _ where dtype.itemSize == 4: ByteRegion(memoryOf: entries)
    case _ where dtype.itemSize == 2: ByteRegion(memoryOf: entries.map(UInt16.init(truncatingIfNeeded:)))
    case .bool: ByteRegion(entries.map { $0 == 0 ? 0 : 1 })
    default: ByteRegion(entries.map(UInt8.init(truncatingIfNeeded:)))
    }
  }
}

extension ByteRegion {
  /// A copy of the array's memory. Thaw runs on little-endian machines, so it is a file's form, too.
  init(memoryOf values: [some BitwiseCopyable]) {
    self = values.withUnsafeBytes { source in
      ByteRegion(count: source.count) { $0.copyMemory(from: source) }
    }
  }
}
