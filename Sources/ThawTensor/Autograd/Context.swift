import Synchronization
import ThawKernels

/// What holds for every operation of a task: the modes, the recording that is open, and where errors go.
///
/// Modes follow structured tasks: a child task sees its parent's, a detached task or another queue does not.
package struct Context: Sendable {
  package var gradMode = true
  /// Whether new tensors are inference tensors, and nothing is recorded, whatever the grad mode.
  package var isInference = false
  /// What backward passes look for in gradients, if anything.
  package var anomaly: AnomalySearch?
  /// Who keeps what operations save; nil for the nodes themselves.
  package var savedTensorHooks: (any SavedTensorHooks)?
  /// Where random numbers are logged, or come from.
  package var draws: DrawLog?
  package var recorder: (any Recorder)?
  /// Takes kernels down instead of running them, where an operand is planned.
  package var capture: KernelCapture?
  /// Whether what is computed becomes part of a program: numbers that differ from run to run cannot be drawn now.
  package var isCompiling = false
  /// Whether a capture takes down what is computed of constants alone, too.
  package var plansConstants = false
  package var errors: ErrorScope?
  /// What may be used; nil where nothing is bounded.
  package var budget: Budget?
  /// Who computes; tests compare one with the other.
  package var backend = Backend.automatic

  @TaskLocal package static var current = Context()

  /// Whether operations are recorded for gradients.
  package var records: Bool { gradMode && !isInference }

  /// Runs `body` with this context changed by `change`.
  package static func with<Result>(
    _ change: (inout Context) -> Void, _ body: () throws -> Result
  ) rethrows -> Result {
    var context = current
    change(&context)
    return try $current.withValue(context, operation: body)
  }
}

/// Whether operations are recorded for gradients in this task, unless it is in inference mode.
public var isGradEnabled: Bool { Context.current.gradMode }

/// Runs `body` without recording operations for gradients.
public func noGrad<Result>(_ body: () throws -> Result) rethrows -> Result {
  try Context.with({ $0.gradMode = false }, body)
}

/// Runs `body` with operations recorded for gradients, inside `noGrad` too.
public func enableGrad<Result>(_ body: () throws -> Result) rethrows -> Result {
  try Context.with({ $0.gradMode = true }, body)
}

/// The first error of the operations in a scope.
package final class ErrorScope: Sendable {
  private let first = Mutex<(any Error)?>(nil)

  package init() {}

  package func record(_ error: any Error) { first.withLock { if $0 == nil { $0 = error } } }

  package func rethrow() throws { if let error = first.withLock({ $0 }) { throw error } }
}

/// Runs `body` and throws the first error of the tensor operations in it.
///
/// Tensor operators and methods do not throw: inside this scope a failed one gives a tensor that later operations hand
/// on, and the error comes out here. Outside of any scope a failed operation stops the program with the same message,
/// as a subscript out of range does.
public func withErrors<Result>(_ body: () throws -> Result) throws -> Result {
  let scope = ErrorScope()
  let result: Result
  do {
    result = try Context.with({ $0.errors = scope }, body)
  } catch {
    // An error thrown after a failed operation is usually its consequence.
    try scope.rethrow()
    throw error
  }
  try scope.rethrow()
  return result
}

extension Tensor {
  /// The result of an operation that cannot throw: that of `body`, or a poisoned tensor and an error in the scope.
  package static func catching(_ body: () throws -> Tensor) -> Tensor {
    do { return try body() } catch { return poisoned(by: error) }
  }

  /// A tensor that stands for the failure of an operation; stops the program where no error scope is open.
  package static func poisoned(by error: any Error) -> Tensor {
    guard let scope = Context.current.errors else { fatalError("\(error)") }
    scope.record(error)
    return Tensor(dtype: .float32, shape: [], contents: .poisoned(error))
  }
}
