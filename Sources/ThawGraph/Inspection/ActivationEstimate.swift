import ThawTensor
import ThawTypes

/// What the values between inputs and outputs take, for a model that cannot be compiled: from inferred types, as if each
/// node ran alone, in the order of the file, and bodies of If, Loop and Scan took nothing.
package struct ActivationEstimate: Sendable {
  /// The most that is needed at once, where each value goes when it was read for the last time.
  package let peakByteCount: Int
  /// All of them, as when a backward pass needs them.
  package let byteCount: Int
}

extension Model {
  /// - Returns: nil where sizes are not known.
  package func activationEstimate(for types: [TensorType]) -> ActivationEstimate? {
    let graph = graph.with(inputTypes: types)
    let inference = Inference(graph)
    var lastUse: [Graph.ValueIndex: Int] = [:]
    for (place, node) in graph.nodes.enumerated() {
      for case let value? in node.inputs + node.outputs { lastUse[value] = place }
    }
    for output in graph.outputs { lastUse[output] = graph.nodes.count }
    let ends = Dictionary(grouping: lastUse.keys) { lastUse[$0] ?? 0 }
    var sizes: [Graph.ValueIndex: Int] = [:]
    var (alive, peak, all) = (0, 0, 0)
    for (place, node) in graph.nodes.enumerated() {
      for case let output? in node.outputs {
        guard let size = inference.world.types[output]?.tensor?.byteCount,
          case let (sum, overflow) = all.addingReportingOverflow(size), !overflow
        else { return nil }
        sizes[output] = size
        all = sum
        alive += size
      }
      peak = max(peak, alive)
      for value in ends[place] ?? [] { alive -= sizes[value] ?? 0 }
    }
    return ActivationEstimate(peakByteCount: peak, byteCount: all)
  }

  /// What the tensors that are stored in the file take, those in bodies of If, Loop and Scan included.
  package var storedByteCount: Int { graph.storedByteCount }
}

extension Graph {
  fileprivate var storedByteCount: Int {
    let own = initials.values.map { initial in
      switch initial {
      case .parameter(let parameter): parameter.type.byteCount ?? 0
      case .constant(let stored): stored.type?.byteCount ?? 0
      }
    }
    return (own + nodes.flatMap(\.bodies).map(\.body.graph.storedByteCount)).clampedSum
  }
}

extension TensorType {
  /// The bytes of such a tensor's elements; nil where sizes are not known.
  package var byteCount: Int? {
    shape.flatMap { DType.elementCount(of: $0) }.flatMap { dtype.byteCount(of: $0) }
  }
}
