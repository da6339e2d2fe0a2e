import ThawTensor
import ThawTypes

/// A Gemm, MatMul or 1×1 Conv, whose weight's one axis counts what it gives.
struct HeadLayer {
  let node: Int
  /// What the node reads as its weight.
  let operand: Graph.ValueIndex
  /// The stored weight: the operand, or what a Transpose makes the operand of.
  let weight: Graph.ValueIndex
  /// The axis of the stored weight that counts the classes.
  let weightAxis: Int
  /// The axis of the result that counts the classes, from the end; nil for a Conv, whose second axis it is.
  let axisFromEnd: Int?
  let result: Graph.ValueIndex
  /// The number of classes that the layer gives.
  let count: Int

  /// nil for a node that is no such layer.
  init?(_ index: Int, in graph: Graph, computed: Set<Graph.ValueIndex>, types: ShapeTrial.Types) {
    let node = graph.nodes[index]
    guard node.inputs.count > 1, let result = node.outputs.first ?? nil,
      let attributes = try? node.operation.known?.attributes(opset: Operators.newestOpset)
    else { return nil }
    func flag(_ name: String) -> Bool { if case .int(1)? = attributes[name] { true } else { false } }
    // One factor is data, the other one a weight that no data reaches; either may stand first.
    let areComputed = node.inputs.prefix(2).map { $0.map(computed.contains) ?? true }
    guard let position = areComputed.firstIndex(of: false), areComputed.contains(true),
      let operand = node.inputs[position], let shape = types[operand]?.shape
    else { return nil }
    let axis: Int
    switch node.opType {
    case "Gemm" where shape.count == 2:
      axis = position == 1 ? (flag("transB") ? 0 : 1) : (flag("transA") ? 1 : 0)
      axisFromEnd = position == 1 ? 1 : 2
    case "MatMul" where shape.count == 2:
      axis = position
      axisFromEnd = position == 1 ? 1 : 2
    case "Conv" where position == 1 && shape.count > 2 && shape.dropFirst(2).allSatisfy { $0 == 1 }:
      if case .int(let group)? = attributes["group"], group != 1 { return nil }
      axis = 0
      axisFromEnd = nil
    default: return nil
    }
    self.node = index
    self.operand = operand
    self.result = result
    count = shape[axis]
    (weight, weightAxis) = Self.stored(operand, axis, in: graph)
  }

  /// Where a weight is stored that a Transpose turns before it is read.
  private static func stored(
    _ operand: Graph.ValueIndex, _ axis: Int, in graph: Graph
  ) -> (Graph.ValueIndex, axis: Int) {
    guard let maker = graph.nodes.first(where: { $0.outputs.contains(operand) }),
      let transpose = maker.operation.known as? Transpose, let source = maker.inputs.first ?? nil,
      case .parameter(let parameter)? = graph.initials[source], let rank = parameter.type.dims?.count
    else { return (operand, axis) }
    let permutation = transpose.permutation ?? (0..<rank).reversed()
    return permutation.indices.contains(axis) ? (source, permutation[axis]) : (operand, axis)
  }

  /// The axis of the classes in a value of this rank that stands for the layer's result.
  func axis(ofRank rank: Int) -> Int { axisFromEnd.map { rank - $0 } ?? 1 }

  /// The axis along which a bias of this shape has a number for each class; nil where it has none.
  func biasAxis(_ shape: [Int], ofRank rank: Int) -> Int? {
    let axis = shape.count - (rank - self.axis(ofRank: rank))
    return shape.indices.contains(axis) && shape[axis] == count ? axis : nil
  }
}
