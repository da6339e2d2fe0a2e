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

  var execution: Execution { eager ? .eager : .compiled(exactConvolution: exactConvolution) }
}
