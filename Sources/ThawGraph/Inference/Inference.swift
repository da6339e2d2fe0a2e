import ThawTensor
import ThawTypes

/// The types of a graph's values, those in bodies included, as far as they can be told before anything runs.
///
/// Each node is asked in several worlds at once: in one, dimensions that vary have names or are unknown, and an error is
/// an error of the model; in the trials each of them has a size, and the Shape, Gather, Concat and Reshape chains of
/// exporters are computed. What a dimension became in all trials tells what it is in general, so that a batch's name
/// survives a Reshape. Conditions are believed only where they hold whatever the sizes are.
struct Inference {
  /// A value in all worlds, on its way into a body or out of it.
  struct State {
    var type: ValueType?
    var trials: [ValueType?]
    var number: Tensor?
    var trialNumbers: [Tensor?]

    init(_ type: ValueType?) {
      self.type = type
      trials = Array(repeating: nil, count: TrialSizes.count)
      trialNumbers = trials.map { _ in nil }
    }
  }

  /// How much is inferred, all bodies and their repetitions together.
  final class Allowance {
    var nodes = 1_000_000
  }

  let graph: Graph
  /// The way to this graph, before the names of what it holds; empty for the main graph.
  let path: String
  let sizes: TrialSizes
  let allowance: Allowance
  var world: World
  private(set) var trials: [World]
  /// The values of bodies, by the node that holds them.
  var inner: [Int: [TypeInference.Value]] = [:]
  /// What the nodes of bodies cost, in one pass through each.
  var innerWork: [Int: [NodeWork]] = [:]
  var problems: [TypeInference.Problem] = []

  /// Infers the types of a model's graph.
  init(_ graph: Graph) {
    self.init(graph, path: "", TrialSizes(), Allowance())
    for index in graph.inputs {
      put(State(nil), at: index)
    }
    run()
  }

  /// Infers the types of a body.
  ///
  /// - Parameter inputs: those of its own, then what it captures.
  init(_ graph: Graph, path: String, inputs: [State], _ sizes: TrialSizes, _ allowance: Allowance) {
    self.init(graph, path: path, sizes, allowance)
    for (index, state) in zip(graph.inputs, inputs) { put(state, at: index, isOwn: true) }
    run()
  }

  private init(_ graph: Graph, path: String, _ sizes: TrialSizes, _ allowance: Allowance) {
    (self.graph, self.path, self.sizes, self.allowance) = (graph, path, sizes, allowance)
    world = World(initialsOf: graph)
    trials = Array(repeating: world, count: TrialSizes.count)
    for (index, type) in world.types { checkInitial(index, type) }
  }

  /// A value in all worlds.
  func state(of index: Graph.ValueIndex) -> State {
    var state = State(world.types[index])
    state.trials = trials.map { $0.types[index] }
    state.number = world.numbers[index]
    state.trialNumbers = trials.map { $0.numbers[index] }
    return state
  }

  private mutating func run() {
    for index in graph.nodes.indices {
      allowance.nodes -= 1
      guard allowance.nodes >= 0 else { return }
      infer(index)
    }
  }

  private mutating func infer(_ index: Int) {
    let node = graph.nodes[index]
    do {
      if let states = try flowOutputs(of: index) {
        for (output, state) in zip(node.outputs, states) {
          if let output { put(state, at: output, madeBy: node) }
        }
        return
      }
      let types = try world.outputTypes(of: node)
      let trialTypes = trials.map { try? $0.outputTypes(of: node) }
      for (position, output) in node.outputs.enumerated() {
        guard let output else { continue }
        var state = State(position < types.count ? types[position] : nil)
        state.trials = trialTypes.map { $0.flatMap { position < $0.count ? $0[position] : nil } }
        put(state, at: output, madeBy: node)
      }
      compute(node)
    } catch {
      report(error, at: node)
      for case let output? in node.outputs { put(State(nil), at: output, madeBy: node) }
    }
  }

  // Values.

  /// Takes down a value that was inferred, with what the file declares of it.
  ///
  /// - Parameter isOwn: whether it is a body's input, whose declaration says less than what comes in.
  private mutating func put(
    _ state: State, at index: Graph.ValueIndex, madeBy node: Graph.Node? = nil, isOwn: Bool = false
  ) {
    let declared = isOwn && state.type != nil ? nil : graph.values[index].type
    var type = state.type?.identified(by: state.trials, sizes)
    if let inferred = type, let declared {
      type = inferred.merged(withDeclared: declared) { isCredible($0, axis: $1, state.trials) }
      if type == nil {
        contradict(index, declared, inferred, node)
        type = inferred
      }
    } else if type == nil {
      type = declared
    }
    if isOwn, let inferred = state.type, let declared = graph.values[index].type,
      inferred.joined(with: declared) == nil
    {
      contradict(index, declared, inferred, node)
    }
    world.types[index] = type
    world.numbers[index] = state.number
    let types = type?.trials(keeping: state.trials, sizes)
    for trial in trials.indices {
      trials[trial].types[index] = types?[trial]
      trials[trial].numbers[index] = state.trialNumbers[trial]
    }
  }

  /// A name that only the file gives is believed unless it stands for other sizes elsewhere.
  private func isCredible(_ name: String, axis: Int, _ trials: [ValueType?]) -> Bool {
    let own = trials.map { type -> Int? in
      guard let dims = type?.tensor?.dims, axis < dims.count else { return nil }
      return dims[axis].value
    }
    guard sizes.knows(name) else {
      if case let known = own.compactMap({ $0 }), known.count == own.count { sizes.bind(name, to: known) }
      return true
    }
    return zip(own, sizes.sizes(of: name, axis: axis)).allSatisfy { $0 == nil || $0 == $1 }
  }

  /// Numbers that are the same in every trial are the same whatever the sizes; whether a comparison holds is not among
  /// what three trials can tell.
  private mutating func compute(_ node: Graph.Node) {
    world.compute(node)
    let isDone = node.outputs.allSatisfy { $0 == nil || world.numbers[$0 ?? 0] != nil }
    for trial in trials.indices {
      if isDone {
        for case let output? in node.outputs { trials[trial].numbers[output] = world.numbers[output] }
      } else {
        trials[trial].compute(node)
      }
    }
    for case let output? in node.outputs where world.numbers[output] == nil {
      let numbers = trials.compactMap { $0.numbers[output] }
      guard numbers.count == trials.count, let first = numbers.first,
        first.dtype.isInteger || first.dtype.isFloatingPoint,
        let values = try? first.elements(as: Double.self),
        numbers.allSatisfy({ $0.shape == first.shape && (try? $0.elements(as: Double.self)) == values })
      else { continue }
      world.numbers[output] = first
    }
  }

  // Problems.

  private func name(of node: Graph.Node) -> String { path + node.name }

  private mutating func contradict(
    _ index: Graph.ValueIndex, _ declared: ValueType, _ inferred: ValueType, _ node: Graph.Node?
  ) {
    problems.append(
      TypeInference.Problem(
        kind: .declaration, node: node.map(name), value: path + graph.values[index].name,
        message: "'\(path)\(graph.values[index].name)' is declared as \(declared) and is \(inferred)"
          + (node.map { ", as \($0.opType) gives it" } ?? "")))
  }

  private mutating func checkInitial(_ index: Graph.ValueIndex, _ type: ValueType) {
    guard let declared = graph.values[index].type,
      type.merged(withDeclared: declared, isCredible: { _, _ in true }) == nil
    else { return }
    contradict(index, declared, type, nil)
  }

  mutating func report(_ error: any Error, at node: Graph.Node) {
    let kind: TypeInference.Problem.Kind
    switch error {
    case let error as TensorError:
      switch error.kind {
      case .shape: kind = .shape
      case .dtype: kind = .type
      case .range, .operand: kind = .operand
      case .unsupported, .memory, .limit: kind = .unsupported
      case .valueNeeded, .autograd, .internal: return
      }
    // An operator that is missing or an input without a type: what follows from that is not the node's fault.
    default: return
    }
    problems.append(TypeInference.Problem(kind: kind, node: name(of: node), value: nil, message: "\(error)"))
  }
}
