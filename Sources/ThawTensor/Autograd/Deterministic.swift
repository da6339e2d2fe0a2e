/// Runs `body` so that its results do not depend on the number of threads, to the last bit.
///
/// Without it, sums inside of products and convolutions are split among threads, and results differ in their last digits
/// when another number of threads computes them. Here work is cut by shapes alone; large products and convolutions of
/// float32 take somewhat longer. Other processors and other versions of oneDNN still give other digits.
public func deterministic<Result>(_ body: () throws -> Result) rethrows -> Result {
  guard Context.current.backend == .automatic else { return try body() }
  return try Context.with({ $0.backend = .deterministic }, body)
}
