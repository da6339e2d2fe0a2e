import ThawONNX
import ThawTensor

/// Tensors in files: `.npz` (several, by name), `.npy` and ONNX's `.pb` (one).
public enum TensorFile {
  /// The arrays of a `.npz` file, in its order.
  ///
  /// Arrays that are not compressed stay in the file until they are used.
  ///
  /// - Throws: `FileError` that names the array.
  public static func readArchive(_ path: String) throws -> [(name: String, tensor: Tensor)] {
    let archive = try Npz(contentsOf: path)
    return try archive.names.compactMap { name in
      try archive[name].map { (name, try Tensor($0)) }
    }
  }

  /// The one tensor of a `.npy` or `.pb` file.
  ///
  /// - Throws: `FileError` when the file cannot be read as what its name says.
  public static func read(_ path: String) throws -> Tensor {
    if path.hasSuffix(".npy") { return try Tensor(Npy.read(contentsOf: path)) }
    return try Tensor(TensorProto(contentsOf: path).contents())
  }

  /// Writes tensors as a `.npz` file; a crash leaves the old file or the new one, whole.
  ///
  /// - Throws: `FileError` when the file cannot be written, or NumPy has no such type.
  public static func write(_ tensors: [(name: String, tensor: Tensor)], to path: String) throws {
    var archive = Npz()
    for (name, tensor) in tensors { archive[name] = try tensor.data() }
    try archive.write(to: path)
  }

  /// Finds out whether a file could be written, and writes nothing.
  ///
  /// - Throws: `FileError` that writing would throw for the path, the folder or the permissions.
  public static func checkWritable(_ path: String) throws { try AtomicFile.checkWritable(path) }
}
