// One import for users: tensors and automatic differentiation, models, training.

@_exported public import ThawGraph
@_exported public import ThawTensor
@_exported public import ThawTraining
@_exported public import ThawTypes

public import ThawONNX

/// What training does with a tensor: see `Parameter.role`.
public typealias Role = ThawONNX.Role

/// Whether a saved model keeps its large tensors in its file or beside it: see `Model.save(to:externalData:)`.
public typealias ExternalData = ThawONNX.ExternalData

/// The forms a model can be written in beside ONNX's binary one: see `Model.write(as:to:)`.
public typealias ModelForm = ThawONNX.ModelForm

/// What is wrong with a file that was to be read or written.
public typealias FileError = ThawONNX.FileError
