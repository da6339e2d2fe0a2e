import Thaw
import ThawGraph
import ThawTraining

/// An explanation as people read it: what went in, what the passes did, the steps, and totals.
struct ExplanationText {
  private let explanation: Explanation
  private let isSorted: Bool
  private var program: ProgramDescription { explanation.program }

  init(_ explanation: Explanation, isSorted: Bool) {
    self.explanation = explanation
    self.isSorted = isSorted
  }

  func text(width: Int) -> String {
    let parts = [summary, passes(width: width), steps(width: width), totals(width: width)]
    return parts.filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  private var summary: String {
    let reorders = program.steps.filter(\.isReorder)
    let moved = Double(reorders.reduce(0) { $0 + ($1.outputs.first??.byteCount ?? 0) })
    var lines = ["task       \(explanation.task)"]
    lines += explanation.inputs.map { "input      \($0.name): \($0.type)" }
    lines += [
      "in file    " + count(explanation.operators.reduce(0) { $0 + $1.count }, "node"),
      "traced     " + count(program.operators.count, "operation"),
      "program    " + count(program.steps.count, "step"),
      "arena      " + bytes(program.arenaByteCount) + ", scratch in it up to " + bytes(program.scratchByteCount),
      "constants  " + bytes(program.constantByteCount),
      "inputs     " + bytes(program.inputByteCount) + ", outputs " + bytes(program.outputByteCount),
      "reorders   " + (reorders.isEmpty ? "none" : "\(reorders.count), \(moved.text(unit: "B"))"),
    ]
    lines += program.islands.map { "island     \($0)" }
    if program.islands.isEmpty { lines.append("islands    none") }
    if let profile = explanation.profile {
      lines.append("time       \(profile.milliseconds.short) ms, median of \(profile.runs) runs")
    }
    return lines.joined(separator: "\n")
  }

  private func passes(width: Int) -> String {
    var table = TextTable([
      .left("pass"), .right("before"), .right("after"), .right("ms"), .left("changes", mayShrink: true),
    ])
    for pass in program.passes {
      guard !pass.isDisabled else {
        table.add([pass.name, "", "", "", "left out"])
        continue
      }
      let changes = pass.changes.map { "\($0.count > 0 ? "+" : "-")\(abs($0.count)) \($0.kind)" }
      table.add([
        pass.name, "\(pass.countBefore)", "\(pass.countAfter)", pass.milliseconds.short,
        changes.isEmpty ? "none" : changes.joined(separator: ", "),
      ])
    }
    return table.text(width: width)
  }

  private func steps(width: Int) -> String {
    var table = TextTable([
      .right("step"), .left("operators", mayShrink: true), .left("kernel", mayShrink: true),
      .left("by", mayShrink: true), .left("output", mayShrink: true), .left("layout"), .right("bytes"), .right("µs"),
      .right("share"), .right("rate"),
    ])
    let times = explanation.profile?.stepMilliseconds
    var order = Array(program.steps.indices)
    if isSorted, let times { order.sort { times[$0] > times[$1] } }
    for place in order {
      let step = program.steps[place]
      let output = step.outputs.compactMap { $0 }.first
      let block = (step.outputs + step.inputs).compactMap { $0?.channelBlock }.max() ?? 1
      table.add([
        "\(place)", label(step), step.kind, step.implementation,
        output.map { "\($0.dtype)\($0.shape)" } ?? "", block > 1 ? "by \(block)" : "",
        bytes(step.byteCount), times.map { ($0[place] * 1000).short } ?? "", times.map { share($0[place]) } ?? "",
        times.map { rate(step, $0[place]) } ?? "",
      ])
    }
    return table.text(width: width)
  }

  /// The time of each operator, where there are times; else the number of kernels of each kind.
  private func totals(width: Int) -> String {
    let times = explanation.profile?.stepMilliseconds
    var sums: [String: (steps: Int, milliseconds: Double, arithmetic: Double, bytes: Int)] = [:]
    for (place, step) in program.steps.enumerated() {
      let name = label(step)
      let sum = sums[name] ?? (0, 0, 0, 0)
      sums[name] = (
        sum.steps + 1, sum.milliseconds + (times?[place] ?? 0), sum.arithmetic + step.arithmetic,
        sum.bytes + step.byteCount
      )
    }
    var table = TextTable([
      .left("operators", mayShrink: true), .right("steps"), .right("bytes"), .right("µs"), .right("share"),
    ])
    let sorted = sums.sorted { a, b in
      (a.value.milliseconds, a.value.bytes, b.key) > (b.value.milliseconds, b.value.bytes, a.key)
    }
    for (name, sum) in sorted {
      table.add([
        name, "\(sum.steps)", bytes(sum.bytes), times == nil ? "" : (sum.milliseconds * 1000).short,
        times == nil ? "" : share(sum.milliseconds),
      ])
    }
    if let times {
      let sum = times.reduce(0, +)
      table.add(["all", "\(program.steps.count)", "", (sum * 1000).short, share(sum)])
    }
    return table.text(width: width)
  }

  /// The operators of a step, each once.
  private func label(_ step: ProgramDescription.Step) -> String {
    if step.isReorder { return "reorder" }
    guard !step.operators.isEmpty else { return "output" }
    var seen: Set<String> = []
    return step.operators.filter { seen.insert($0).inserted }.joined(separator: " ")
  }

  private func share(_ milliseconds: Double) -> String {
    let whole = explanation.profile?.milliseconds ?? 0
    return whole > 0 ? "\((100 * milliseconds / whole).short) %" : ""
  }

  private func rate(_ step: ProgramDescription.Step, _ milliseconds: Double) -> String {
    guard milliseconds > 0 else { return "" }
    return step.arithmetic > 0
      ? (step.arithmetic / milliseconds * 1000).text(unit: "FLOP/s")
      : (Double(step.byteCount) / milliseconds * 1000).text(unit: "B/s")
  }

  private func bytes(_ count: Int) -> String { Double(count).text(unit: "B") }

  private func count(_ number: Int, _ thing: String) -> String { number == 1 ? "1 \(thing)" : "\(number) \(thing)s" }
}
