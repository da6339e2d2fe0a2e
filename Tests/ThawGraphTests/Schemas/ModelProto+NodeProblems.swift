import ThawONNX
import ThawTensor

@testable import ThawGraph

extension ModelProto {
  /// The problems of all nodes, those of inner graphs and functions too, with the types that the model declares.
  var nodeProblems: [SchemaProblem] {
    let calls = Set(functions.map { [$0.domain ?? "", $0.name ?? ""] })
    func problems(
      _ nodes: [NodeProto], _ imports: [OperatorSetIdProto], _ types: [String: ValueType]
    ) -> [SchemaProblem] {
      nodes.flatMap { node in
        let isCall = calls.contains([node.domain ?? "", node.opType ?? ""])
        let own = isCall ? [] : PublishedSchemas.problems(of: node, in: imports) { types[$0] }
        let graphs = node.attribute.flatMap { ($0.g.map { [$0] } ?? []) + $0.graphs }
        return own + graphs.flatMap { problems($0, imports, types) }
      }
    }
    func problems(
      _ graph: GraphProto, _ imports: [OperatorSetIdProto], _ outer: [String: ValueType]
    ) -> [SchemaProblem] {
      var types = outer
      for tensor in graph.initializer {
        types[tensor.name ?? ""] = TensorType(elemType: tensor.dataType, shape: nil).map(ValueType.tensor)
      }
      types.merge(declared(graph.input + graph.valueInfo + graph.output)) { $1 }
      return problems(graph.node, imports, types)
    }
    func declared(_ values: [ValueInfoProto]) -> [String: ValueType] {
      Dictionary(
        values.compactMap { value in value.type.flatMap(ValueType.init).map { (value.name ?? "", $0) } }
      ) { first, _ in first }
    }
    return (graph.map { problems($0, opsetImport, [:]) } ?? [])
      + functions.flatMap { problems($0.node, $0.opsetImport, declared($0.valueInfo)) }
  }
}
