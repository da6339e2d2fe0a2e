import Synchronization
import ThawONNX
import ThawTensor
import ThawTypes

/// A tensor of a file, made when first asked for; until then its payload is not touched.
final class StoredTensor: Sendable {
  let name: String
  /// nil when the file gives no valid type or dimensions; asking for the tensor then tells why.
  let type: TensorType?
  private let load: @Sendable () throws -> Tensor
  /// The elements where they are in the file, for those of a dense tensor.
  private let view: (@Sendable () throws -> TensorData)?
  /// Whether the view costs nothing, as the file holds the elements as memory does.
  private let isRaw: Bool
  private let cache = Mutex<Tensor?>(nil)

  init(
    name: String, type: TensorType?, view: (@Sendable () throws -> TensorData)? = nil, isRaw: Bool = false,
    load: @escaping @Sendable () throws -> Tensor
  ) {
    self.name = name
    self.type = type
    self.view = view
    self.isRaw = isRaw
    self.load = load
  }

  convenience init(_ proto: TensorProto, name: String) {
    let dtype = proto.dataType.flatMap(DType.init(rawValue:))
    let dims = proto.dims.compactMap { Int(exactly: $0) }
    let isValid = DType.elementCount(of: dims) != nil && dims.count == proto.dims.count
    let type = isValid ? dtype.map { TensorType($0, shape: dims) } : nil
    self.init(
      name: name, type: type, view: { try proto.checkedContents() },
      isRaw: proto.rawData != nil || !proto.externalData.isEmpty
    ) { try Tensor(proto.checkedContents()) }
  }

  /// The same tensor under another name.
  func copy(named name: String) -> StoredTensor {
    StoredTensor(name: name, type: type, view: { try self.data() }, isRaw: isRaw) { try self.tensor() }
  }

  /// The elements as the file holds them, at whatever address: nothing is copied where it is a view.
  ///
  /// - Throws: `ModelError` when the file's data do not fit their type and dimensions.
  func data() throws -> TensorData { try view?() ?? tensor().data() }

  /// Returns the memory of a mapped file's part to the system; whoever reads it again gets it from the file.
  func returnPages() { if isRaw { (try? view?())?.bytes?.returnPages() } }

  /// A sparse tensor, which is dense when it is asked for.
  ///
  /// - Throws: `ModelError` of kind `graph` when it has no type or dimensions, or takes more than is allowed.
  convenience init(_ proto: SparseTensorProto, name: String, _ allowance: DenseAllowance) throws {
    let layout: (dtype: DType, dims: [Int], byteCount: Int)
    do { layout = try proto.layout() } catch { throw ModelError(.graph, "\(error)") }
    try allowance.take(layout.byteCount, for: name)
    self.init(name: name, type: TensorType(layout.dtype, shape: layout.dims)) {
      do {
        return try Tensor(proto.contents())
      } catch {
        throw ModelError(.graph, "\(error)")
      }
    }
  }

  convenience init(_ tensor: Tensor, name: String) {
    self.init(name: name, type: tensor.type) { tensor }
  }

  /// Whether the tensor is what an attribute of an older version became, and stands in the file under no name.
  var isSupplied: Bool { view == nil && name.contains("/input ") }

  /// The tensor, kept for whoever asks next.
  ///
  /// - Throws: `ModelError` when the file's data do not fit their type and dimensions.
  func tensor() throws -> Tensor {
    try cache.withLock { cached in
      if let cached { return cached }
      let tensor = try read()
      cached = tensor
      return tensor
    }
  }

  /// The tensor, kept by nobody but the caller.
  ///
  /// - Throws: `ModelError` when the file's data do not fit their type and dimensions.
  func read() throws -> Tensor {
    // It outlives the mode in which it is asked for.
    try inferenceMode(false, load)
  }
}

/// How large the sparse tensors of a file may be, all together: in the file they take a few bytes, in memory as many as
/// their dimensions say.
final class DenseAllowance {
  private var bytesLeft = ReadingLimits().expandedBytes

  /// - Throws: `ModelError` of kind `graph` when not as much is left.
  func take(_ count: Int, for name: String) throws {
    guard count <= bytesLeft else {
      throw ModelError(
        .graph,
        "the sparse tensors of the model, '\(name)' with \(count) bytes among them, take more than "
          + "\(ReadingLimits().expandedBytes) bytes, which is the limit")
    }
    bytesLeft -= count
  }
}

extension TensorProto {
  /// The elements, their errors being the model's.
  func checkedContents() throws -> TensorData {
    do {
      return try contents()
    } catch {
      throw ModelError(.graph, "\(error)")
    }
  }
}

extension Tensor {
  /// The elements of a file as a tensor: a view of the mapping where they are aligned for their type.
  package init(_ data: TensorData) throws {
    if let strings = data.strings {
      try self.init(strings: strings, shape: data.dims)
      return
    }
    guard let region = data.unpacked() else { throw TensorError(.internal, "numbers without bytes") }
    let aligned = data.dtype == .bool ? region.normalizedBools : region.aligned(to: data.dtype.itemSize)
    self.init(viewing: aligned.unsafeBytes, owner: aligned, dtype: data.dtype, shape: data.dims)
  }

  /// The elements as a file holds them.
  ///
  /// - Throws: `TensorError` of kind `valueNeeded` for a value of a recording.
  package func data() throws -> TensorData {
    if dtype == .string { return try TensorData(shape, strings: try strings()) }
    let rows = try contiguous()
    return try rows.withBytes { bytes in
      // The memory never changes, so that a view of it is as good as a copy.
      guard case .memory(let storage, _, _) = rows.contents else {
        throw TensorError(.internal, "bytes without memory")
      }
      return try TensorData(dtype, shape, unpacked: ByteRegion(bytes, owner: storage))
    }
  }
}

extension ByteRegion {
  /// The same truth values with 0 and 1 only: any other byte is not a Swift Bool.
  fileprivate var normalizedBools: ByteRegion {
    withUnsafeBytes { bytes in
      guard bytes.contains(where: { $0 > 1 }) else { return self }
      return ByteRegion(bytes.map { $0 == 0 ? 0 : 1 })
    }
  }
}
