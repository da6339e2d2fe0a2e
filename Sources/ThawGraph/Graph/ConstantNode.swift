import ThawONNX
import ThawTensor
import ThawTypes

/// ONNX's Constant, which decodes to a value of the graph, not to an operator.
enum ConstantNode {
  /// The value of a Constant node, and the attribute that holds it.
  ///
  /// - Throws: `ModelError` of kind `node` when it holds none of the known forms.
  static func value(
    of node: NodeProto, named name: String, _ allowance: DenseAllowance
  ) throws -> (StoredTensor, attribute: String) {
    guard let attribute = node.attribute.first(where: { forms.contains($0.name ?? "") }) else {
      throw ModelError(
        .node,
        "the Constant node that makes '\(name)' holds no value; it should have one of the attributes "
          + forms.joined(separator: ", "))
    }
    let form = attribute.name ?? ""
    switch form {
    case "value":
      guard let tensor = attribute.t else { throw missing(form, name) }
      return (StoredTensor(tensor, name: name), form)
    case "value_float": return (try constant([attribute.f ?? 0], [], name), form)
    case "value_floats": return (try constant(attribute.floats, nil, name), form)
    case "value_int": return (try constant([attribute.i ?? 0], [], name), form)
    case "value_ints": return (try constant(attribute.ints, nil, name), form)
    case "value_string": return (try strings([attribute.s ?? []], [], name), form)
    case "value_strings": return (try strings(attribute.strings, [attribute.strings.count], name), form)
    default:
      guard let sparse = attribute.sparseTensor else { throw missing(form, name) }
      return (try StoredTensor(sparse, name: name, allowance), form)
    }
  }

  /// Puts another value into a Constant node, in the form it has, or dense in place of sparse.
  static func replace(_ value: Tensor, in node: inout NodeProto, attribute form: String) throws {
    guard let index = node.attribute.firstIndex(where: { $0.name == form }) else { throw missing(form, "") }
    switch form {
    case "value":
      var tensor = node.attribute[index].t ?? TensorProto()
      tensor.replaceContents(with: try value.data())
      node.attribute[index].t = tensor
    case "value_float": node.attribute[index].f = try value.elements(as: Float.self).first
    case "value_floats": node.attribute[index].floats = try value.elements(as: Float.self)
    case "sparse_value":
      // Dense from its first change on.
      node.attribute[index].name = "value"
      node.attribute[index].type = .tensor
      node.attribute[index].t = TensorProto(
        name: node.attribute[index].sparseTensor?.values?.name ?? "", try value.data())
      node.attribute[index].sparseTensor = nil
    default: throw ModelError(.request, "a Constant's attribute \(form) holds no floating value to replace")
    }
  }

  private static let forms = [
    "value", "value_float", "value_floats", "value_int", "value_ints", "value_string", "value_strings", "sparse_value",
  ]

  private static func constant<E: Scalar>(_ values: [E], _ shape: [Int]?, _ name: String) throws -> StoredTensor {
    StoredTensor(try Tensor(copying: values, shape: shape), name: name)
  }

  private static func strings(_ values: [[UInt8]], _ shape: [Int], _ name: String) throws -> StoredTensor {
    StoredTensor(try Tensor(strings: values, shape: shape), name: name)
  }

  private static func missing(_ form: String, _ name: String) -> ModelError {
    ModelError(.node, "the attribute \(form) of the Constant node that makes '\(name)' holds nothing")
  }
}
