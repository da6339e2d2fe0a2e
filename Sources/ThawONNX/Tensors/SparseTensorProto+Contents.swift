public import ThawTypes

extension SparseTensorProto {
  /// The type and dimensions of the dense tensor, and the bytes it takes in memory.
  ///
  /// - Throws: ``TensorDataError`` when they are missing or too large for any memory.
  public func layout() throws(TensorDataError) -> (dtype: DType, dims: [Int], byteCount: Int) {
    let name = values?.name ?? ""
    guard let values else { throw TensorDataError(.missingElements, expected: "the values of a sparse tensor") }
    guard let number = values.dataType, let dtype = DType(rawValue: number), dtype != .string else {
      throw TensorDataError(
        .undefinedType, tensor: name, expected: "a type of numbers", found: "\(values.dataType ?? 0)")
    }
    let sizes = dims.compactMap(Int.init(exactly:))
    guard sizes.count == dims.count, let count = DType.elementCount(of: sizes) else {
      throw TensorDataError(.sizeOverflow, tensor: name, found: "\(dims)")
    }
    return (dtype, sizes, count * dtype.itemSize)
  }

  /// The elements of the dense tensor: those given, and zeros.
  ///
  /// Memory for all of them is taken; see ``layout()`` for how much.
  ///
  /// - Throws: ``TensorDataError`` when values, indices and dimensions contradict each other.
  public func contents() throws(TensorDataError) -> TensorData {
    do throws(TensorDataError) {
      let layout = try layout()
      let numbers = try values?.contents()
      guard let numbers, numbers.dims.count == 1, let given = numbers.unpacked() else {
        throw TensorDataError(
          .wrongElementCount, expected: "a list of values", found: "values of dimensions \(numbers?.dims ?? [])")
      }
      let positions = try positions(of: numbers.count, in: layout.dims)
      let size = layout.dtype.itemSize
      let dense = given.withUnsafeBytes { given in
        ByteRegion(count: layout.byteCount) { out in
          for (index, position) in positions.enumerated() {
            for byte in 0..<size { out[position * size + byte] = given[index * size + byte] }
          }
        }
      }
      return try TensorData(layout.dtype, layout.dims, unpacked: dense)
    } catch {
      throw error.of(tensor: values?.name ?? "")
    }
  }

  /// Where the values go, in row-major order; from linear indices `[n]` or coordinates `[n, rank]`.
  private func positions(of count: Int, in dims: [Int]) throws(TensorDataError) -> [Int] {
    guard let indices else {
      guard count == 0 else { throw TensorDataError(.wrongIndices, expected: "\(count) indices", found: "none") }
      return []
    }
    let data = try indices.contents()
    guard data.dtype == .int64, data.dims == [count] || data.dims == [count, dims.count],
      let numbers = data.bytes?.elements(as: Int.self)
    else {
      throw TensorDataError(
        .wrongIndices, expected: "int64 of [\(count)] or [\(count), \(dims.count)]",
        found: "\(data.dtype) of \(data.dims)")
    }
    let isLinear = data.dims.count == 1
    let total = DType.elementCount(of: dims) ?? 0
    var positions: [Int] = []
    positions.reserveCapacity(count)
    for index in 0..<count {
      var position = isLinear ? numbers[index] : 0
      var isInside = position >= 0 && position < total
      if !isLinear {
        for (axis, size) in dims.enumerated() {
          let coordinate = numbers[index * dims.count + axis]
          isInside = isInside && coordinate >= 0 && coordinate < size
          position = position &* size &+ coordinate
        }
      }
      guard isInside else {
        throw TensorDataError(.wrongIndices, expected: "indices inside of \(dims)", found: "another, of value \(index)")
      }
      if let last = positions.last, last >= position {
        throw TensorDataError(
          .wrongIndices, expected: "ascending indices, each once", found: "value \(index) not after the one before it")
      }
      positions.append(position)
    }
    return positions
  }
}
