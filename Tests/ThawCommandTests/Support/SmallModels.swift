import ThawGraph
import ThawTensor

/// Small models and data for the command to work on.
enum SmallModels {
  /// `probabilities` = softmax(relu(x · w + b) · v + c), x float32[N, 2], two classes.
  static func classifier(hidden: Int = 8) throws -> Model {
    let w = Parameter("body.weight", try RandomGenerator(seed: 1).uniform([2, hidden], from: -1, to: 1))
    let b = Parameter("body.bias", Tensor.zeros([hidden]))
    let v = Parameter("head.weight", try RandomGenerator(seed: 2).uniform([hidden, 2], from: -1, to: 1))
    let c = Parameter("head.bias", Tensor.zeros([2]))
    let graph = try Graph.record(
      inputs: ["x": .float32("N", 2)], output: "probabilities", parameters: [w, b, v, c]
    ) { x in
      let body = (x.matmul(try w.value()) + (try b.value())).relu()
      return (body.matmul(try v.value()) + (try c.value())).softmax()
    }
    return try Model(graph)
  }

  /// Points, labelled by the side of a line they lie on, or by the eighth of the circle.
  static func points(_ count: Int = 60, classes: Int = 2) throws -> [(name: String, tensor: Tensor)] {
    let x = try RandomGenerator(seed: 3).uniform([count, 2], from: -1, to: 1)
    let values = try x.elements(as: Float.self)
    let labels = (0..<count).map { row in
      values[2 * row] > values[2 * row + 1] ? (classes == 2 || values[2 * row] > 0 ? 1 : 2) : 0
    }
    return [("x", x), ("target", Tensor(labels))]
  }

  /// Writes model.onnx and data.npz.
  static func write(to folder: String) throws {
    try classifier().save(to: "\(folder)/model.onnx")
    try TensorFile.write(points(), to: "\(folder)/data.npz")
  }
}
