import ThawONNX
import ThawTensor
import ThawTypes

/// Values of any type in files of their own, as ONNX's test data have them: `input_0.pb`, `output_0.pb`.
public enum ValueFile {
  /// The value of a file.
  ///
  /// - Parameter type: what the model says that it is, because the file does not; a tensor where the model says nothing.
  /// - Throws: `FileError` when the file cannot be read as that, `ModelError` when its content contradicts itself.
  public static func read(_ path: String, as type: ValueType? = nil) throws -> Value {
    let proto = try DataProto(contentsOf: path, kind: type?.kind ?? .tensor)
    do {
      return try Value(proto, as: type)
    } catch {
      throw ModelError(.type, "\(path): \(error)")
    }
  }

  /// Writes a value; a crash leaves the old file or the new one, whole.
  ///
  /// - Throws: `FileError` when the file cannot be written.
  public static func write(_ value: Value, named name: String, to path: String) throws {
    try value.proto(named: name).write(to: path)
  }
}

extension ValueType {
  fileprivate var kind: DataProto.Kind {
    switch self {
    case .tensor: .tensor
    case .sparseTensor: .sparseTensor
    case .sequence: .sequence
    case .map: .map
    case .optional: .optional
    }
  }

  /// The type without dimensions, which the elements of a sequence need not share.
  fileprivate var withoutDims: ValueType {
    if case .tensor(let type) = self { .tensor(TensorType(type.dtype, nil)) } else { self }
  }
}

extension Value {
  /// - Parameter type: as declared; nil for what the message tells.
  fileprivate init(_ proto: DataProto, as type: ValueType?) throws {
    switch proto {
    case .tensor(let tensor): self = .tensor(try Tensor(tensor.contents()))
    case .sparseTensor(let sparse): self = .sparseTensor(try SparseTensor(sparse))
    case .sequence(let sequence):
      let declared: ValueType? = if case .sequence(let element)? = type { element } else { nil }
      let elements = try sequence.elements.map { try Value($0, as: declared) }
      guard let element = declared ?? elements.first?.type.withoutDims else {
        throw ModelError(.type, "a sequence without elements, of which nobody says what they would be")
      }
      self = .sequence(elements, of: element)
    case .map(let map): self = .map(try MapValue(map, as: type))
    case .optional(let optional):
      let declared: ValueType? = if case .optional(let element)? = type { element } else { nil }
      let value = try optional.element.map { try Value($0, as: declared) }
      guard let element = declared ?? value?.type.withoutDims else {
        throw ModelError(.type, "an absent value of which nobody says what it would be")
      }
      self = .optional(value, of: element)
    }
  }

  /// The value as a file holds it.
  fileprivate func proto(named name: String) throws -> DataProto {
    switch self {
    case .tensor(let tensor): .tensor(TensorProto(name: name, try tensor.data()))
    case .sparseTensor(let sparse): .sparseTensor(try sparse.proto(named: name))
    case .sequence(let elements, let type):
      .sequence(SequenceProto(name: name, of: type.kind, try elements.map { try $0.proto(named: "") }))
    case .map(let map): .map(try map.proto(named: name))
    case .optional(let value, _): .optional(OptionalProto(name: name, try value?.proto(named: "")))
    }
  }
}

extension SparseTensor {
  fileprivate init(_ proto: SparseTensorProto) throws {
    guard let values = proto.values, let indices = proto.indices else {
      throw ModelError(.type, "a sparse tensor without values or without indices")
    }
    let shape = proto.dims.compactMap(Int.init(exactly:))
    guard shape.count == proto.dims.count, DType.elementCount(of: shape) != nil else {
      throw ModelError(.type, "a sparse tensor of the impossible shape \(proto.dims)")
    }
    self.init(values: try Tensor(values.contents()), indices: try Tensor(indices.contents()), shape: shape)
  }

  fileprivate func proto(named name: String) throws -> SparseTensorProto {
    var proto = SparseTensorProto()
    proto.values = TensorProto(name: name, try values.data())
    proto.indices = TensorProto(name: "", try indices.data())
    proto.dims = shape.map(Int64.init)
    return proto
  }
}

extension MapValue {
  fileprivate init(_ proto: MapProto, as type: ValueType?) throws {
    let declared: (key: DType, value: ValueType)? =
      if case .map(let key, let value)? = type { (key, value) } else { nil }
    let keyType = declared?.key ?? proto.keyType.flatMap(DType.init(rawValue:)) ?? .int64
    let keys =
      keyType == .string
      ? try Tensor(strings: proto.stringKeys, shape: [proto.stringKeys.count])
      : try withErrors { Tensor(proto.keys.map { Int($0) }).cast(to: keyType) }
    let values = try (proto.values?.elements ?? []).map { try Value($0, as: declared?.value) }
    guard values.count == keys.count else {
      throw ModelError(.type, "a map of \(keys.count) keys and \(values.count) values")
    }
    guard let valueType = declared?.value ?? values.first?.type.withoutDims else {
      throw ModelError(.type, "a map without entries, of which nobody says what they would be")
    }
    self.init(keys: keys, values: values, valueType: valueType)
  }

  fileprivate func proto(named name: String) throws -> MapProto {
    var proto = MapProto()
    proto.name = name
    proto.keyType = keyType.rawValue
    if keyType == .string { proto.stringKeys = try keys.strings() } else { proto.keys = try keys.elements() }
    proto.values = SequenceProto(name: "", of: valueType.kind, try values.map { try $0.proto(named: "") })
    return proto
  }
}
