import ThawTensor

extension TreeEnsembleClassifier: Sampled {
  /// One stump on feature 0 at 0, with the weights of its two leaves.
  private static func stump(
    _ weights: [(node: Int, target: Int, weight: Float)], _ labels: [Int], _ more: [String: Attribute] = [:]
  ) -> TreeEnsembleClassifier? {
    let attributes: [String: Attribute] = [
      "nodes_treeids": .ints([0, 0, 0]), "nodes_nodeids": .ints([0, 1, 2]),
      "nodes_modes": .texts(["BRANCH_LT", "LEAF", "LEAF"]), "nodes_featureids": .ints([0, 0, 0]),
      "nodes_values": .floats([0, 0, 0]), "nodes_truenodeids": .ints([1, 0, 0]),
      "nodes_falsenodeids": .ints([2, 0, 0]), "class_treeids": .ints(weights.map { _ in 0 }),
      "class_nodeids": .ints(weights.map(\.node)), "class_ids": .ints(weights.map(\.target)),
      "class_weights": .floats(weights.map(\.weight)), "classlabels_int64s": .ints(labels),
    ]
    return decoded(attributes.merging(more) { $1 }, version: 1, outputs: 2)
  }

  public static var samples: [Sample] {
    let numbers = SampleInput.exact(.floats([-1, 1], [2, 1]))
    let rows: [(String, TreeEnsembleClassifier?, [Int], [Float], Int)] = [
      ("three classes", stump([(1, 0, 1), (2, 1, 0.5), (2, 2, 2)], [7, 8, 9]), [7, 9], [1, 0, 0, 0, 0.5, 2], 3),
      (
        "one of two, all positive", stump([(1, 0, 0.25), (2, 0, 0.75)], [0, 1]), [0, 1], [0.75, 0.25, 0.25, 0.75], 2
      ),
      ("one of two, mixed", stump([(1, 0, -2), (2, 0, 2)], [0, 1]), [0, 1], [2, -2, -2, 2], 2),
      (
        "one of two, logistic", stump([(1, 0, -1), (2, 0, 1)], [0, 1], ["post_transform": .text("LOGISTIC")]), [0, 1],
        [0.7310586, 0.2689414, 0.2689414, 0.7310586], 2
      ),
    ]
    return rows.compactMap { name, operation, labels, scores, count in
      operation.map {
        Sample(name, $0, numbers, wanted: .all, outputs: 2, expected: [.ints(labels), .floats(scores, [2, count])])
      }
    }
  }
}
