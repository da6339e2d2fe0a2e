import ThawONNX
import ThawTensor
import ThawTypes

extension Attribute {
  /// An attribute of a file.
  ///
  /// - Throws: `ModelError` when its value does not fit its declared type, or is a graph.
  init(_ proto: AttributeProto) throws {
    let name = proto.name ?? ""
    func value<T>(_ value: T?, _ kind: String) throws -> T {
      guard let value else { throw ModelError(.node, "the attribute '\(name)' is said to be \(kind) and holds none") }
      return value
    }
    switch proto.type ?? Self.kind(of: proto) {
    case .float: self = .float(try value(proto.f, "a float"))
    case .int: self = .int(Int(try value(proto.i, "an integer")))
    // protobuf leaves out what is empty in some writers.
    case .string: self = .string(proto.s ?? [])
    case .tensor: self = .tensor(try Tensor(try value(proto.t, "a tensor").contents()))
    case .floats: self = .floats(proto.floats)
    case .ints: self = .ints(proto.ints.map { Int($0) })
    case .strings: self = .strings(proto.strings)
    case .tensors: self = .tensors(try proto.tensors.map { try Tensor($0.contents()) })
    case .typeProto: self = .type(try value(ValueType(try value(proto.tp, "a type")), "a type"))
    default:
      throw ModelError(
        .unsupported,
        "the attribute '\(name)' is a graph, a sparse tensor or of an unknown kind, which Thaw does not "
          + "read")
    }
  }

  /// The kind of an attribute of IR 1, which does not say it.
  private static func kind(of proto: AttributeProto) -> AttributeProto.AttributeType {
    if proto.f != nil { return .float }
    if proto.i != nil { return .int }
    if proto.s != nil { return .string }
    if proto.t != nil { return .tensor }
    if !proto.floats.isEmpty { return .floats }
    if !proto.ints.isEmpty { return .ints }
    if !proto.strings.isEmpty { return .strings }
    return .undefined
  }

  /// The attribute as a file holds it.
  ///
  /// - Throws: `ModelError` for a kind that Thaw does not write.
  func proto(named name: String) throws -> AttributeProto {
    var proto = AttributeProto()
    proto.name = name
    switch self {
    case .float(let value): (proto.f, proto.type) = (value, .float)
    case .int(let value): (proto.i, proto.type) = (Int64(value), .int)
    case .string(let bytes): (proto.s, proto.type) = (bytes, .string)
    case .tensor(let tensor): (proto.t, proto.type) = (TensorProto(name: "", try tensor.data()), .tensor)
    case .floats(let values): (proto.floats, proto.type) = (values, .floats)
    case .ints(let values): (proto.ints, proto.type) = (values.map(Int64.init), .ints)
    case .strings(let values): (proto.strings, proto.type) = (values, .strings)
    default: throw ModelError(.unsupported, "the attribute '\(name)' is \(kind), which Thaw does not write")
    }
    return proto
  }
}

extension ValueType {
  /// The type a file declares; nil where it says nothing.
  init?(_ proto: TypeProto) {
    switch proto.value {
    case .tensor(let tensor):
      guard let type = TensorType(elemType: tensor.elemType, shape: tensor.shape) else { return nil }
      self = .tensor(type)
    case .sparseTensor(let tensor):
      guard let type = TensorType(elemType: tensor.elemType, shape: tensor.shape) else { return nil }
      self = .sparseTensor(type)
    case .sequence(let sequence):
      guard let element = sequence.elemType.flatMap(ValueType.init) else { return nil }
      self = .sequence(element)
    case .optional(let optional):
      guard let element = optional.elemType.flatMap(ValueType.init) else { return nil }
      self = .optional(element)
    case .map(let map):
      guard let key = map.keyType.flatMap(DType.init(rawValue:)), let value = map.valueType.flatMap(ValueType.init)
      else { return nil }
      self = .map(key: key, value: value)
    case .opaque, nil: return nil
    }
  }
}

extension TensorType {
  init?(elemType: Int32?, shape: TensorShapeProto?) {
    guard let dtype = elemType.flatMap(DType.init(rawValue:)) else { return nil }
    self.init(
      dtype,
      shape?.dim.map { dim in
        switch dim.value {
        case .value(let size): Int(exactly: size).map { $0 >= 0 ? .known($0) : .unknown } ?? .unknown
        // Paddle's exporter writes "?" for every dimension that varies, whether it is the same one or not.
        case .symbol(let name) where !name.isEmpty && name != "?": .symbol(name)
        default: .unknown
        }
      })
  }

  /// The type as a file declares it.
  var proto: TypeProto {
    var tensor = TypeProto.Tensor()
    tensor.elemType = dtype.rawValue
    tensor.shape = dims.map { dims in
      TensorShapeProto(
        dims.map { dim in
          switch dim {
          case .known(let size): .value(Int64(size))
          case .symbol(let name): .symbol(name)
          case .unknown: nil
          }
        })
    }
    return TypeProto(.tensor(tensor))
  }
}
