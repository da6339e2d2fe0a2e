import ArgumentParser
import Thaw

/// How a model computes.
struct ExecutionOptions: ParsableArguments {
  @Flag(help: "Computes node by node instead of by compiled programs.") var eager = false
  @Flag(
    help:
      "Computes convolutions as they are defined, never by Winograd's algorithm, which is faster and rounds otherwise."
  )
  var exactConvolution = false

  @OptionGroup var compute: ComputeOptions

  var execution: Execution {
    let execution = eager ? Execution.eager : .compiled(exactConvolution: exactConvolution)
    return compute.deterministic ? execution.deterministic : execution
  }

  /// Runs `body` with these options; see `ComputeOptions`.
  func run(_ body: () throws -> Int) throws { try compute.run(execution: execution, body) }
}
