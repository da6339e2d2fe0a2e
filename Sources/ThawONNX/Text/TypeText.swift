internal import ThawTypes

/// Types as ONNX's textual syntax writes them.
package enum TypeText {
  static func text(_ type: TypeProto) -> String {
    switch type.value {
    case .tensor(let tensor): text(tensor.elemType, tensor.shape)
    case .sparseTensor(let tensor): "sparse_tensor(\(text(tensor.elemType, tensor.shape)))"
    case .sequence(let sequence): "seq(\(text(sequence.elemType ?? TypeProto())))"
    case .optional(let optional): "optional(\(text(optional.elemType ?? TypeProto())))"
    case .map(let map):
      "map(\(text(elementType: map.keyType)), \(text(map.valueType ?? TypeProto())))"
    case .opaque(let opaque):
      "opaque(\([opaque.domain, opaque.name].compactMap { $0?.isEmpty == false ? $0 : nil }.joined(separator: ",")))"
    case nil: ""
    }
  }

  private static func text(_ elementType: Int32?, _ shape: TensorShapeProto?) -> String {
    let element = text(elementType: elementType)
    guard let shape else { return element + "[]" }
    guard !shape.dim.isEmpty else { return element }
    let dims = shape.dim.map { dim in
      switch dim.value {
      case .value(let size): "\(size)"
      case .symbol(let name): NameText.text(name)
      case nil: "?"
      }
    }
    return "\(element)[\(dims.joined(separator: ","))]"
  }

  /// The syntax's name of an element type.
  package static func text(elementType number: Int32?) -> String {
    switch number.flatMap(DType.init) {
    case .float32: "float"
    case .float64: "double"
    case let dtype?: "\(dtype)"
    case nil: "undefined"
    }
  }
}

/// Names as ONNX's textual syntax writes them.
enum NameText {
  /// A name as it is where it is an identifier, else in quotes.
  static func text(_ name: String) -> String {
    let isIdentifier = name.utf8.allSatisfy { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "_") }
    guard !isIdentifier || name.utf8.first?.isDigit ?? true else { return name }
    return "\"" + name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}

extension UInt8 {
  fileprivate var isLetter: Bool {
    UInt8(ascii: "a")...UInt8(ascii: "z") ~= self || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= self
  }
  fileprivate var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }
}

extension AttributeProto.AttributeType {
  /// The syntax's name of an attribute's type.
  package var text: String {
    switch self {
    case .float: "float"
    case .int: "int"
    case .string: "string"
    case .tensor: "tensor"
    case .graph: "graph"
    case .floats: "floats"
    case .ints: "ints"
    case .strings: "strings"
    case .tensors: "tensors"
    case .graphs: "graphs"
    case .sparseTensor: "sparse_tensor"
    case .sparseTensors: "sparse_tensors"
    case .typeProto: "type_proto"
    case .typeProtos: "type_protos"
    default: "undefined"
    }
  }
}
