import ThawTensor

extension TreeEnsemble: Sampled {
  /// Two levels: feature 0 at most 1, then feature 1 in a set or not.
  public static func branches(_ more: [String: Attribute] = [:]) -> [String: Attribute] {
    let attributes: [String: Attribute] = [
      "n_targets": .int(2), "tree_roots": .ints([0]), "nodes_modes": .tensor(Tensor(elements: [0, 6] as [UInt8])),
      "nodes_splits": .tensor(.floats([1, 0])), "nodes_featureids": .ints([0, 1]), "nodes_truenodeids": .ints([1, 0]),
      "nodes_trueleafs": .ints([0, 1]), "nodes_falsenodeids": .ints([2, 1]), "nodes_falseleafs": .ints([1, 1]),
      "leaf_targetids": .ints([0, 1, 0]), "leaf_weights": .tensor(.floats([1, 2, 3])),
      "membership_values": .tensor(.floats([4, 5, .nan])),
    ]
    return attributes.merging(more) { $1 }
  }

  public static var samples: [Sample] {
    let numbers: [Float] = [0, 4, 0, 6, 2, 4]
    return [decoded(branches(), version: 5)].compactMap { $0 }.map {
      Sample("a set", $0, .exact(.floats(numbers, [3, 2])), expected: [.floats([1, 0, 0, 2, 3, 0], [3, 2])])
    }
  }
}
