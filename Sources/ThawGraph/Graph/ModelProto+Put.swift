import ThawONNX
import ThawTensor
import ThawTypes

extension ModelProto {
  /// Writes another value where an initial value stands.
  ///
  /// A copy by an Identity gets a tensor of its own; the node is for the caller to remove, after all others are written.
  ///
  /// - Throws: `ModelError` when there is no such place in the file.
  mutating func put(_ value: Tensor, at origin: Loader.Origin, named name: String) throws {
    guard var changed = graph else { return }
    if case .identity = origin {
      changed.initializer.append(TensorProto(name: name, try value.data()))
      // Up to IR 3 every initializer stands among the inputs too.
      if (irVersion ?? 1) < 4 {
        changed.input.append(ValueInfoProto(name: name, type: TensorType(value.dtype, shape: value.shape).proto))
      }
    } else {
      try changed.put(value, at: origin)
    }
    graph = changed
  }
}

extension GraphProto {
  fileprivate mutating func put(_ value: Tensor, at origin: Loader.Origin) throws {
    switch origin {
    case .initializer(let index): initializer[index].replaceContents(with: try value.data())
    case .constant(let index, let attribute): try ConstantNode.replace(value, in: &node[index], attribute: attribute)
    case .sparseInitializer(let name):
      // From its first change on it is dense.
      sparseInitializer.removeAll { $0.values?.name == name }
      initializer.append(TensorProto(name: name, try value.data()))
    case .inside(let index, let attribute, let inner):
      guard let place = node[index].attribute.firstIndex(where: { $0.name == attribute }),
        var body = node[index].attribute[place].g
      else { throw ModelError(.graph, "node \(index) holds no graph '\(attribute)' any more") }
      try body.put(value, at: inner)
      node[index].attribute[place].g = body
    // Only the main graph's are parameters of their own.
    case .identity: break
    }
  }
}
