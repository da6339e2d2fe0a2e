import ThawONNX
import ThawTensor

/// A model file with what several rules ask of it.
struct CheckedFile {
  /// nil for a message that is in no file.
  let path: String?
  let proto: ModelProto
  let walk: FileWalk
  /// What is wrong with its structure.
  let structure: [StructureError]
  /// The tensors whose external data cannot be opened, and why.
  let externalFailures: [(tensor: String, error: FileError)]
  /// The model; nil where it does not load.
  let model: Model?
  /// Why it does not load.
  let loadError: (any Error)?
  /// The types of its values; nil where it does not load.
  let types: TypeInference?

  /// Structures that what follows from names is not asked of: there would be no end, or no answer.
  private static let unloadable: Set<StructureError.Kind> = [
    .graphMissing, .cycle, .duplicateFunction, .recursiveFunction, .duplicateValue, .duplicateInitializer,
  ]

  init(_ proto: ModelProto, path: String?, externalFailures: [(tensor: String, error: FileError)] = []) {
    (self.proto, self.path, self.externalFailures) = (proto, path, externalFailures)
    walk = FileWalk(proto)
    structure = proto.structureErrors(limit: Self.structureLimit)
    var model: Model?
    var loadError: (any Error)?
    if !structure.contains(where: { Self.unloadable.contains($0.kind) }) {
      var loadable = proto
      // The table is a rule's own matter; what does not need it is looked at all the same.
      if (try? proto.roles()) == nil { loadable.setRoles(nil) }
      do {
        model = try Model(loadable, isValidated: true)
      } catch {
        loadError = error
      }
    }
    (self.model, self.loadError) = (model, loadError)
    types = model?.inferredTypes()
  }

  /// How many structure errors are listed; a damaged file may hold one at every byte.
  static let structureLimit = 1000
}

/// A family of findings.
protocol CheckRule {
  static func findings(in file: CheckedFile) -> [Finding]
}
