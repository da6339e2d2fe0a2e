import ThawTensor

extension SVMClassifier: Sampled {
  public static var samples: [Sample] {
    let numbers = SampleInput.exact(.floats([1, 0, -2, 1], [2, 2]))
    let attributes: [String: Attribute] = [
      "classlabels_ints": .ints([3, 4]), "coefficients": .floats([1, -1]), "support_vectors": .floats([1, 0, 0, 1]),
      "vectors_per_class": .ints([1, 1]), "rho": .floats([0.5]), "kernel_type": .text("LINEAR"),
    ]
    let linear: [String: Attribute] = [
      "classlabels_ints": .ints([3, 4, 5]), "coefficients": .floats([1, 0, 0, 1, -1, -1]), "rho": .floats([0]),
    ]
    let coupled: [String: Attribute] = [
      "classlabels_ints": .ints([3, 4, 7]), "coefficients": .floats([1, -0.5, 2, 0.25, -1, -2]),
      "support_vectors": .floats([1, 0, 0, 1, -1, 0.5]), "vectors_per_class": .ints([1, 1, 1]),
      "rho": .floats([0.5, -0.25, 0.125]), "prob_a": .floats([-1.5, -2, -1]), "prob_b": .floats([0.1, -0.2, 0.3]),
      "kernel_type": .text("RBF"), "kernel_params": .floats([0.5, 0, 0]),
    ]
    let rows: [(String, SVMClassifier?, [Int], [Float], Int)] = [
      ("two classes", decoded(attributes, version: 1, outputs: 2), [3, 4], [-1.5, 1.5, 2.5, -2.5], 2),
      // The numbers are ONNX Runtime's.
      (
        "probabilities", decoded(coupled, version: 1, outputs: 2), [3, 3],
        [0.5987149, 0.1084782, 0.2928071, 0.6317883, 0.1954887, 0.1727232], 3
      ),
      ("linear models", decoded(linear, version: 1, outputs: 2), [3, 4], [1, 0, -1, -2, 1, 1], 3),
    ]
    return rows.compactMap { name, operation, labels, scores, count in
      operation.map {
        Sample(name, $0, numbers, wanted: .all, outputs: 2, expected: [.ints(labels), .floats(scores, [2, count])])
      }
    }
  }
}
