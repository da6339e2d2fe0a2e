extension ModelProto {
  /// Puts other tensors in place of some: of the graph, of attributes and subgraphs, of functions and of the training
  /// information.
  ///
  /// - Parameter replacement: gives the new tensor, nil to leave the one there.
  mutating func replaceTensors(
    _ replacement: (TensorProto) throws(FileError) -> TensorProto?
  ) throws(FileError) {
    if let new = try graph?.replacingTensors(replacement) { graph = new }
    for index in functions.indices {
      if let nodes = try functions[index].node.replacingTensors(replacement) { functions[index].node = nodes }
      if let defaults = try functions[index].attributeProto.replacingTensors(replacement) {
        functions[index].attributeProto = defaults
      }
    }
    for index in trainingInfo.indices {
      if let new = try trainingInfo[index].initialization?.replacingTensors(replacement) {
        trainingInfo[index].initialization = new
      }
      if let new = try trainingInfo[index].algorithm?.replacingTensors(replacement) {
        trainingInfo[index].algorithm = new
      }
    }
  }

  /// Calls `body` with every tensor.
  func forEachTensor(_ body: (TensorProto) -> Void) {
    var copy = self
    // It replaces nothing, so it cannot fail.
    try? copy.replaceTensors { tensor in
      body(tensor)
      return nil
    }
  }
}

/// Something that may hold tensors. A copy with others in place is made only where one is replaced.
private protocol TensorHolder {
  func replacingTensors(
    _ replacement: (TensorProto) throws(FileError) -> TensorProto?
  ) throws(FileError) -> Self?
}

extension Array: TensorHolder where Element: TensorHolder {
  fileprivate func replacingTensors(
    _ replacement: (TensorProto) throws(FileError) -> TensorProto?
  ) throws(FileError) -> [Element]? {
    var result: [Element]?
    for (index, element) in enumerated() {
      guard let new = try element.replacingTensors(replacement) else { continue }
      result = result ?? self
      result?[index] = new
    }
    return result
  }
}

extension TensorProto: TensorHolder {
  fileprivate func replacingTensors(
    _ replacement: (TensorProto) throws(FileError) -> TensorProto?
  ) throws(FileError) -> TensorProto? {
    try replacement(self)
  }
}

extension SparseTensorProto: TensorHolder {
  fileprivate func replacingTensors(
    _ replacement: (TensorProto) throws(FileError) -> TensorProto?
  ) throws(FileError) -> SparseTensorProto? {
    let newValues = try values?.replacingTensors(replacement)
    let newIndices = try indices?.replacingTensors(replacement)
    guard newValues != nil || newIndices != nil else { return nil }
    var result = self
    if let newValues { result.values = newValues }
    if let newIndices { result.indices = newIndices }
    return result
  }
}

extension GraphProto: TensorHolder {
  fileprivate func replacingTensors(
    _ replacement: (TensorProto) throws(FileError) -> TensorProto?
  ) throws(FileError) -> GraphProto? {
    let newDense = try initializer.replacingTensors(replacement)
    let newSparse = try sparseInitializer.replacingTensors(replacement)
    let newNodes = try node.replacingTensors(replacement)
    guard newDense != nil || newSparse != nil || newNodes != nil else { return nil }
    var result = self
    if let newDense { result.initializer = newDense }
    if let newSparse { result.sparseInitializer = newSparse }
    if let newNodes { result.node = newNodes }
    return result
  }
}

extension NodeProto: TensorHolder {
  fileprivate func replacingTensors(
    _ replacement: (TensorProto) throws(FileError) -> TensorProto?
  ) throws(FileError) -> NodeProto? {
    guard let new = try attribute.replacingTensors(replacement) else { return nil }
    var result = self
    result.attribute = new
    return result
  }
}

extension AttributeProto: TensorHolder {
  fileprivate func replacingTensors(
    _ replacement: (TensorProto) throws(FileError) -> TensorProto?
  ) throws(FileError) -> AttributeProto? {
    var result: AttributeProto?
    func change<Holder: TensorHolder>(
      _ part: WritableKeyPath<AttributeProto, Holder>, _ new: Holder?
    ) {
      guard let new else { return }
      result = result ?? self
      result?[keyPath: part] = new
    }
    if let t, let new = try t.replacingTensors(replacement) {
      result = self
      result?.t = new
    }
    if let g, let new = try g.replacingTensors(replacement) {
      result = result ?? self
      result?.g = new
    }
    if let sparseTensor, let new = try sparseTensor.replacingTensors(replacement) {
      result = result ?? self
      result?.sparseTensor = new
    }
    change(\.tensors, try tensors.replacingTensors(replacement))
    change(\.graphs, try graphs.replacingTensors(replacement))
    change(\.sparseTensors, try sparseTensors.replacingTensors(replacement))
    return result
  }
}
