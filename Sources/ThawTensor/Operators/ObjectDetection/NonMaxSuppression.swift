import ThawTypes

/// The boxes that stay when those that overlap a better one of their class are left out
/// (ONNX NonMaxSuppression-10, 11).
///
/// The result has a row of batch, class and box for each that stays, the best of a class first.
public struct NonMaxSuppression: Primitive {
  /// Whether boxes are given by centre, width and height, rather than by two corners (y, x, y, x).
  public var hasCenters: Bool

  public init(hasCenters: Bool = false) { self.hasCenters = hasCenters }

  public static let schema = Schema(
    "NonMaxSuppression", versions: [10, 11],
    inputs: [
      Input("boxes", .index, value: true), Input("scores", .index, value: true),
      Input("max_output_boxes_per_class", .index, value: true, optional: true),
      Input("iou_threshold", .index, value: true, optional: true),
      Input("score_threshold", .index, value: true, optional: true),
    ], outputs: [Output("selected_indices", differentiable: false)], batch: .mixing,
    differentiability: .never(because: "an index is a whole number"))

  public init(_ node: NodeReader) throws { self.init(hasCenters: try node.flag("center_point_box", default: false)) }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["center_point_box": .int(hasCenters ? 1 : 0)] }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let boxes = try tensorType(inputs, 0, of: Self.schema)
    let scores = try tensorType(inputs, 1, of: Self.schema)
    try check(boxes, scores)
    let values = inputs.indices.map { known[$0] }
    guard zip(inputs, values).allSatisfy({ ($0 == nil) == ($1 == nil) }) else {
      return [.tensor(TensorType(.int64, [.unknown, .known(3)]))]
    }
    return [.tensor(TensorType(.int64, shape: [try selection(values).count / 3, 3]))]
  }

  private func check(_ boxes: TensorType, _ scores: TensorType) throws {
    if let b = boxes.shape, let s = scores.shape {
      guard b.count == 3, s.count == 3, b[2] == 4, b[0] == s[0], b[1] == s[2] else {
        throw TensorError(
          .shape,
          "NonMaxSuppression: boxes have the shape \(b) and scores \(s); they should be [batch, boxes, 4] and "
            + "[batch, classes, boxes]")
      }
    }
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let selected = try selection(inputs.map { $0?.tensor })
    return [.tensor(try Tensor(copying: selected, shape: [selected.count / 3, 3]))]
  }

  /// Batch, class and box of each that stays.
  private func selection(_ inputs: [Tensor?]) throws -> [Int] {
    let values = inputs.map { $0.map(Value.tensor) }
    let boxTensor = try tensor(values, 0, of: Self.schema)
    let scoreTensor = try tensor(values, 1, of: Self.schema)
    try check(boxTensor.type, scoreTensor.type)
    let limit = try optionalTensor(values, 2, of: Self.schema)?.integers().first ?? 0
    let overlap = try optionalTensor(values, 3, of: Self.schema)?.elements(as: Double.self).first ?? 0
    let threshold = try optionalTensor(values, 4, of: Self.schema)?.elements(as: Double.self).first
    let numbers = try boxTensor.elements(as: Double.self)
    let scores = try scoreTensor.elements(as: Double.self)
    let (batches, classes, count) = (scoreTensor.shape[0], scoreTensor.shape[1], scoreTensor.shape[2])
    var selected: [Int] = []
    for batch in 0..<batches {
      let boxes = (0..<count).map { box(numbers[((batch * count + $0) * 4)...]) }
      for kind in 0..<classes {
        let first = (batch * classes + kind) * count
        var kept: [Int] = []
        let order = (0..<count).filter { box in threshold.map { scores[first + box] > $0 } ?? true }
          .sorted { scores[first + $0] > scores[first + $1] || (scores[first + $0] == scores[first + $1] && $0 < $1) }
        for box in order where kept.count < limit {
          guard kept.allSatisfy({ boxes[box].overlap(with: boxes[$0]) <= overlap }) else { continue }
          kept.append(box)
          selected += [batch, kind, box]
        }
      }
    }
    return selected
  }

  private func box(_ numbers: ArraySlice<Double>) -> Box {
    let n = Array(numbers.prefix(4))
    guard hasCenters else {
      return Box(low: (min(n[0], n[2]), min(n[1], n[3])), high: (max(n[0], n[2]), max(n[1], n[3])))
    }
    return Box(low: (n[1] - n[3] / 2, n[0] - n[2] / 2), high: (n[1] + n[3] / 2, n[0] + n[2] / 2))
  }

  /// A rectangle between two corners.
  private struct Box {
    let low: (y: Double, x: Double)
    let high: (y: Double, x: Double)

    var area: Double { (high.y - low.y) * (high.x - low.x) }

    /// What two boxes share, as a part of what they cover.
    func overlap(with other: Box) -> Double {
      let height = min(high.y, other.high.y) - max(low.y, other.low.y)
      let width = min(high.x, other.high.x) - max(low.x, other.low.x)
      let covered = area + other.area - height * width
      guard height > 0, width > 0, area > 0, other.area > 0, covered > 0 else { return 0 }
      return height * width / covered
    }
  }
}
