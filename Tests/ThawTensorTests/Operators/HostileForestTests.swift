import OperatorSamples
import Testing

@testable import ThawTensor

/// Trees that a file may hold and that no walk may enter.
@Suite("Hostile trees") struct HostileForestTests {
  @Test(
    "are refused when they are read",
    arguments: [
      ("nodes_truenodeids", Attribute.ints([0, 0, 0, 1, 0, 0]), "comes back to node 0"),
      ("nodes_truenodeids", .ints([9, 0, 0, 1, 0, 0]), "nodes_truenodeids names node 9 of tree 0"),
      ("nodes_truenodeids", .ints([1, 0]), "should be of one length and are not"),
      ("nodes_nodeids", .ints([0, 1, 1, 0, 1, 2]), "tree 0 has two nodes 1"),
      ("nodes_featureids", .ints([-1, 0, 0, 1, 0, 0]), "node 0 looks at the feature -1"),
      (
        "nodes_modes", .strings(["BRANCH_LIKE", "LEAF", "LEAF", "LEAF", "LEAF", "LEAF"].map { Array($0.utf8) }),
        "holds 'BRANCH_LIKE'"
      ),
      ("target_ids", .ints([0, 0, 0, 4]), "has weights for the targets [4] of 1"),
      ("target_ids", .ints([0, 0, 0, .min]), "has weights for the targets"),
      ("target_nodeids", .ints([1, 2, 1, 7]), "target_nodeids names node 7 of tree 1"),
      ("n_targets", .int(.max), "there are 9223372036854775807 targets"),
      ("base_values", .floats([1, 2]), "there are 2 base_values for 1 targets"),
      ("aggregate_function", .text("MEDIAN"), "aggregate_function is 'MEDIAN'"),
      ("post_transform", .text("CUBE"), "post_transform is 'CUBE'"),
    ])
  func nodeLists(name: String, value: Attribute, message: String) throws {
    let error = #expect(throws: TensorError.self) {
      try TreeEnsembleRegressor.decoding(TreeEnsembleRegressor.stumps([name: value]), version: 1)
    }
    #expect(error?.message.contains(message) == true, "\(error.map { "\($0)" } ?? "")")
  }

  @Test(
    "with leaves of their own are too",
    arguments: [
      ("nodes_truenodeids", Attribute.ints([0, 0]), "comes back to node 0"),
      ("nodes_truenodeids", .ints([5, 0]), "node 0 goes on to -1"),
      ("nodes_falsenodeids", .ints([.min, 1]), "node 0 goes on to"),
      ("tree_roots", .ints([7]), "the trees begin at [-1]"),
      ("leaf_targetids", .ints([0]), "should be of one length and are not"),
      ("leaf_targetids", .ints([0, 1, 2]), "has weights for the targets [2] of 2"),
      ("membership_values", .tensor(.floats([1, .nan, 2, .nan])), "membership_values holds 2 sets, for 1 nodes"),
      ("nodes_modes", .tensor(Tensor(elements: [0, 7] as [UInt8])), "nodes_modes holds 7"),
    ])
  func separateLeaves(name: String, value: Attribute, message: String) throws {
    let error = #expect(throws: TensorError.self) {
      try TreeEnsemble.decoding(TreeEnsemble.branches([name: value]), version: 5)
    }
    #expect(error?.message.contains(message) == true, "\(error.map { "\($0)" } ?? "")")
  }

  @Test("a tree as deep as it has nodes is walked") func depth() throws {
    let count = 100_000
    let inner = Array(0..<count)
    let operation = try TreeEnsemble.decoding(
      [
        "n_targets": .int(1), "tree_roots": .ints([0]),
        "nodes_modes": .tensor(Tensor(elements: [UInt8](repeating: 0, count: count))),
        "nodes_splits": .tensor(.floats(inner.map { Float(-$0) })), "nodes_featureids": .ints(inner.map { _ in 0 }),
        "nodes_truenodeids": .ints(inner.map { $0 + 1 < count ? $0 + 1 : 0 }),
        "nodes_trueleafs": .ints(inner.map { $0 + 1 < count ? 0 : 1 }),
        "nodes_falsenodeids": .ints(inner.map { _ in 1 }),
        "nodes_falseleafs": .ints(inner.map { _ in 1 }), "leaf_targetids": .ints([0, 0]),
        "leaf_weights": .tensor(.floats([1, 2])),
      ], version: 5)
    let scores = try apply(operation, to: .floats([-1e9, 5], [2, 1]))
    #expect(try scores.elements(as: Float.self) == [1, 2])
  }
}
