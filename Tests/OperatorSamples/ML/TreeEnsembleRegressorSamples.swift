import ThawTensor

extension TreeEnsembleRegressor: Sampled {
  /// Two stumps: on feature 0 at 1, NaN passing, and on feature 1 above 0.
  public static func stumps(_ more: [String: Attribute] = [:]) -> [String: Attribute] {
    let attributes: [String: Attribute] = [
      "n_targets": .int(1), "nodes_treeids": .ints([0, 0, 0, 1, 1, 1]), "nodes_nodeids": .ints([0, 1, 2, 0, 1, 2]),
      "nodes_modes": .texts(["BRANCH_LEQ", "LEAF", "LEAF", "BRANCH_GT", "LEAF", "LEAF"]),
      "nodes_featureids": .ints([0, 0, 0, 1, 0, 0]), "nodes_values": .floats([1, 0, 0, 0, 0, 0]),
      "nodes_truenodeids": .ints([1, 0, 0, 1, 0, 0]), "nodes_falsenodeids": .ints([2, 0, 0, 2, 0, 0]),
      "nodes_missing_value_tracks_true": .ints([1, 0, 0, 0, 0, 0]),
      "target_treeids": .ints([0, 0, 1, 1]), "target_nodeids": .ints([1, 2, 1, 2]), "target_ids": .ints([0, 0, 0, 0]),
      "target_weights": .floats([1, 2, 10, 20]),
    ]
    return attributes.merging(more) { $1 }
  }

  public static var samples: [Sample] {
    let numbers = SampleInput.exact(.floats([1, 1, 2, 0, .nan, .nan], [3, 2]))
    let rows: [(String, [String: Attribute], [Float])] = [
      ("sums", [:], [11, 22, 21]),
      (
        "averages, with a base", ["aggregate_function": .text("AVERAGE"), "base_values": .floats([0.5])], [6, 11.5, 11]
      ),
      ("least", ["aggregate_function": .text("MIN")], [1, 2, 1]),
      ("greatest", ["aggregate_function": .text("MAX")], [10, 20, 20]),
      (
        "float64 thresholds",
        ["nodes_values": .floats([]), "nodes_values_as_tensor": .tensor(Tensor(elements: [1.1, 0, 0, 0, 0, 0]))],
        [11, 22, 21]
      ),
    ]
    return rows.compactMap { name, more, expected in
      decoded(stumps(more), version: 3).map { Sample(name, $0, numbers, expected: [.floats(expected, [3, 1])]) }
    }
  }

  public static var failures: [Failure] {
    [decoded(stumps(), version: 1)].compactMap { $0 }.map {
      Failure(
        $0, .uniform([2, 1]), message: "TreeEnsembleRegressor: X has 1 features, and the trees look at 2")
    }
  }
}
