import ThawKernels
import ThawTensor

/// The passes of one compilation: which run, and for a description what they changed.
struct Compilation {
  private let options: CompilerOptions
  private(set) var passes: [ProgramDescription.Pass] = []

  init(_ options: CompilerOptions) { self.options = options }

  /// Runs a pass, unless the options leave it out.
  mutating func run<Subject: CompilationSubject>(
    _ pass: CompilerOptions.Pass, on subject: inout Subject, _ body: (inout Subject) throws -> Void
  ) rethrows {
    guard options.runs(pass) else {
      if options.isDescribed { passes.append(.init(pass: pass, isDisabled: true)) }
      return
    }
    guard options.isDescribed else { return try body(&subject) }
    let before = subject.kinds
    let start = ContinuousClock.now
    try body(&subject)
    passes.append(.init(pass: pass, before: before, after: subject.kinds, duration: ContinuousClock.now - start))
  }
}

/// What passes change.
protocol CompilationSubject {
  /// What there is to compute, in order.
  var kinds: [String] { get }
}

extension Trace: CompilationSubject {
  var kinds: [String] { nodes.map(\.operation.schema.name) }
}

extension Lowering: CompilationSubject {
  var kinds: [String] { calls.map { kind(of: $0) } }

  func kind(of call: Call) -> String {
    switch call.body {
    case .kernel(let request): isReorder(call) ? "reorder" : request.kind
    case .host: "Swift code"
    }
  }

  /// Whether a call only lays an image out anew.
  func isReorder(_ call: Call) -> Bool {
    guard case .kernel(let request) = call.body, request is CopyRequest, let input = call.inputs.first ?? nil,
      let output = call.outputs.first ?? nil
    else { return false }
    return layouts[input.buffer] != layouts[output.buffer]
  }
}
