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
    let rows: [(String, SVMClassifier?, [Int], [Float], Int)] = [
      ("two classes", decoded(attributes, version: 1, outputs: 2), [3, 4], [-1.5, 1.5, 2.5, -2.5], 2),
      ("linear models", decoded(linear, version: 1, outputs: 2), [3, 4], [1, 0, -1, -2, 1, 1], 3),
    ]
    return rows.compactMap { name, operation, labels, scores, count in
      operation.map {
        Sample(name, $0, numbers, wanted: .all, outputs: 2, expected: [.ints(labels), .floats(scores, [2, count])])
      }
    }
  }
}
