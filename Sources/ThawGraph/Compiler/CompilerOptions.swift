/// How programs are compiled.
package struct CompilerOptions: Hashable, Sendable {
  /// The passes, in the order in which they run.
  package enum Pass: String, CaseIterable, Sendable {
    case recognizeLayerNormalization = "recognize-layer-normalization"
    case recognizeGelu = "recognize-gelu"
    case foldConstants = "fold-constants"
    case shareSubexpressions = "share-subexpressions"
    case foldNormalization = "fold-normalization"
    case simplify
    case blockChannels = "block-channels"
    case fuseNormalization = "fuse-normalization"
    case chooseConvolutions = "choose-convolutions"
    case fuseTails = "fuse-tails"
    case fuseProducts = "fuse-products"
    case orderWeights = "order-weights"
    case packWeights = "pack-weights"
    case fuseElementwise = "fuse-elementwise"
  }

  package var disabled: Set<Pass>
  /// Whether convolutions are computed as they are written, and never by an algorithm that rounds otherwise.
  package var usesExactConvolution: Bool

  /// Whether the program keeps what `ProgramDescription` tells.
  package var isDescribed = false

  package init(disabled: Set<Pass> = [], usesExactConvolution: Bool = false) {
    self.disabled = disabled
    self.usesExactConvolution = usesExactConvolution
  }

  func runs(_ pass: Pass) -> Bool { !disabled.contains(pass) }
}
