import ArgumentParser
import OperatorSamples
import ThawGraph
import ThawTensor
import ThawTraining

/// `thaw-bench operators`: each row of the sample table, and operations of the sizes that networks have.
struct OperatorTimes: ParsableCommand {
  enum Rows: String, ExpressibleByArgument, CaseIterable { case large, samples, all }

  static let configuration = CommandConfiguration(
    commandName: "operators", abstract: "The time of each operator, and its share of what the machine can do.",
    discussion: """
      Compiled times are those of a program of the operation alone. The peaks are measured first: arithmetic by a \
      product of large matrices, memory by a sum of long vectors.
      """)

  @Option(help: "Only operators whose names contain this, in any case.") var filter: String?
  @Option(help: "Large shapes, the small ones of the tests' samples, or both.") var rows = Rows.large
  @Option(help: "How long to measure each row.") var seconds = 0.2
  @OptionGroup var threads: ThreadOptions
  @Flag(help: "Prints JSON also on a terminal.") var json = false

  func validate() throws {
    guard seconds >= 0 else { throw ValidationError("--seconds should be at least 0 and is \(seconds)") }
    guard !samples.isEmpty else { throw ValidationError("no operator's name contains '\(filter ?? "")'") }
  }

  private var samples: [Sample] {
    let table = Operators.all.flatMap { ($0 as? any Sampled.Type)?.samples ?? [] }
    let chosen =
      switch rows {
      case .large: LargeSamples.all
      case .samples: table
      case .all: table + LargeSamples.all
      }
    guard let filter = filter?.lowercased() else { return chosen }
    return chosen.filter { $0.operation.schema.name.lowercased().contains(filter) }
  }

  func run() throws { try threads.run(measure) }

  private func measure() throws {
    let machine = try Machine()
    var output = FigureOutput<OperatorFigure>(json: json)
    for sample in samples { try output.add(OperatorFigure(sample, machine, seconds: seconds)) }
    output.finish()
  }
}

/// The times of one operation.
struct OperatorFigure: Figure {
  let peer: String
  let operation: String
  let row: String
  /// Nanoseconds through the engine's door.
  let eagerNs: Double
  /// Nanoseconds as a program; nil where there is none.
  let compiledNs: Double?
  /// How far the middle half of the times spreads.
  let spreadNs: Double
  let kernel: String?
  /// Per second, of the faster of the two.
  let gbPerS: Double?
  let gflopPerS: Double?
  /// Of the machine's peak in what the operation needs more of.
  let share: Double?

  init(_ sample: Sample, _ machine: Machine, seconds: Double) throws {
    peer = ThawBenchmarks.peer
    operation = sample.operation.schema.name
    row = sample.name
    let tensors = try sample.inputs.enumerated().map { try $1?.values(seed: UInt64($0) + 1) }
    let values = tensors.map { $0.map(Value.tensor) }
    let eager = try noGrad {
      try Timing.measureShort(seconds: seconds) {
        _ = try apply(sample.operation, to: values, wanted: sample.wanted)
      }
    }
    let program = try? Self.program(sample, tensors)
    let compiled = try program.map { program in
      let inputs = Self.varying(sample, tensors)
      return try Timing.measureShort(seconds: seconds) { _ = try program.run(inputs) }
    }
    eagerNs = (eager.milliseconds * 1e6).rounded()
    compiledNs = compiled.map { ($0.milliseconds * 1e6).rounded() }
    let best = compiled.map { $0.milliseconds < eager.milliseconds ? $0 : eager } ?? eager
    spreadNs = (best.spread * 1e6).rounded()
    guard let description = program?.description, best.milliseconds > 0 else {
      (kernel, gbPerS, gflopPerS, share) = (nil, nil, nil, nil)
      return
    }
    let steps = description.steps
    kernel = steps.max { ($0.arithmetic, $0.byteCount) < ($1.arithmetic, $1.byteCount) }?.implementation
    let second = best.milliseconds / 1000
    let bytes =
      Double(description.inputByteCount + description.outputByteCount + description.constantByteCount) / second
    let arithmetic = steps.reduce(0) { $0 + $1.arithmetic } / second
    gbPerS = (bytes / 1e9).rounded3
    gflopPerS = arithmetic > 0 ? (arithmetic / 1e9).rounded3 : nil
    share = max(bytes / machine.bandwidth, arithmetic / machine.arithmetic).rounded3
  }

  private static func varying(_ sample: Sample, _ tensors: [Tensor?]) -> [Tensor] {
    zip(sample.inputs, tensors).compactMap { $0?.isFloating == true ? $1 : nil }
  }

  /// A program of the operation alone, whose floating inputs vary.
  private static func program(_ sample: Sample, _ tensors: [Tensor?]) throws -> Program {
    var options = CompilerOptions()
    options.isDescribed = true
    let trace = try Trace(inputs: varying(sample, tensors).map(\.type)) { given in
      var rest = given[...]
      let inputs = zip(sample.inputs, tensors).map { $0?.isFloating == true ? rest.popFirst() : $1 }
      let outputs = try apply(sample.operation, to: inputs.map { $0.map(Value.tensor) }, wanted: sample.wanted)
      return outputs.enumerated().compactMap { sample.wanted[$0] ? $1?.tensor : nil }
    }
    return try Program(trace, options)
  }

  static var columns: [TextTable.Column] {
    [
      .left("operator"), .left("row"), .right("eager"), .right("compiled"), .right("spread"), .right("GB/s"),
      .right("GFLOP/s"), .right("of peak"), .left("kernel"),
    ]
  }

  var cells: [String] {
    func time(_ nanoseconds: Double) -> String { (nanoseconds / 1e9).timeText }
    return [
      operation, row, time(eagerNs), compiledNs.map(time) ?? "", time(spreadNs), gbPerS?.short ?? "",
      gflopPerS?.short ?? "", share.map { "\((100 * $0).short) %" } ?? "", kernel ?? "",
    ]
  }
}

extension SampleInput {
  /// The sample's numbers in float32; large ones are drawn by the engine, which is faster.
  fileprivate func values(seed: UInt64) throws -> Tensor {
    guard case .uniform(let shape, let range) = self, shape.reduce(1, *) > 4096 else {
      return try tensor(.float32, seed: seed)
    }
    return try RandomGenerator(seed: seed).uniform(shape, from: range.lowerBound, to: range.upperBound)
  }
}
