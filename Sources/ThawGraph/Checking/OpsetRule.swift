import ThawONNX
import ThawTensor

/// The versions of operator sets that the file imports.
enum OpsetRule: CheckRule {
  static func findings(in file: CheckedFile) -> [Finding] {
    findings(file.proto.opsetImport, "opset_import")
      + file.proto.functions.enumerated().flatMap { index, function in
        findings(function.opsetImport, "functions[\(index)].opset_import")
          + disagreements(function, "functions[\(index)]", file.proto)
      }
  }

  private static func findings(_ imports: [OperatorSetIdProto], _ path: String) -> [Finding] {
    imports.enumerated().compactMap { index, entry in
      guard entry.isOfONNX, let version = entry.version, version > Int64(Operators.newestOpset) else { return nil }
      return Finding(
        level: .warning, rule: .opsets, place: Finding.Place(path: "\(path)[\(index)]"),
        message:
          "opset \(version) of ai.onnx is newer than \(Operators.newestOpset), the newest that Thaw knows, and Thaw does not "
          + "open the model",
        advice: "export with opset \(Operators.newestOpset) or older")
    }
  }

  /// A function may be written in another version than the model; operators that changed between them then mean two
  /// things in one file.
  private static func disagreements(_ function: FunctionProto, _ path: String, _ model: ModelProto) -> [Finding] {
    function.opsetImport.compactMap { entry in
      guard
        let other = model.opsetImport.first(where: {
          $0.domain == entry.domain || $0.isOfONNX && entry.isOfONNX
        }), other.version != entry.version, let version = entry.version, let otherVersion = other.version
      else { return nil }
      let domain = entry.isOfONNX ? "ai.onnx" : entry.domain ?? ""
      return Finding(
        level: .note, rule: .opsets, place: Finding.Place(path: "\(path).opset_import", graph: path),
        message: "the function \(function.name ?? "") is written in opset \(version) of \(domain), and the model in "
          + "\(otherVersion)", advice: "write both in one version where a runtime refuses it")
    }
  }
}
