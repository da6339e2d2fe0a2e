extension PublishedSchemas {
  /// The domain `ai.onnx.ml`; the form is told at `PublishedSchemas`.
  static let ml = """
    ArrayFeatureExtractor 1 | X T, Y int64 | Z T | T int32 int64 float double string
    Binarizer 1 | X T | Y T | T int32 int64 float double | threshold float = 0
    CastMap 1 | X T1 | Y T2 | T1 map(int64 float) map(int64 string), T2 int64 float string | cast_to string =
      TO_FLOAT, map_form string = DENSE, max_map int = 1
    CategoryMapper 1 | X T1 | Y T2 | T1 int64 string, T2 int64 string | cats_int64s ints, cats_strings strings,
      default_int64 int = -1, default_string string = _Unused
    DictVectorizer 1 | X T1 | Y T2 | T1 map(int64 double) map(int64 float) map(int64 string) map(string double)
      map(string float) map(string int64), T2 int64 float double string | int64_vocabulary ints, string_vocabulary
      strings
    FeatureVectorizer 1 | X*1 T1 | Y float | T1 int32 int64 float double | inputdimensions ints
    Imputer 1 | X T | Y T | T int32 int64 float double | imputed_value_floats floats, imputed_value_int64s ints,
      replaced_value_float float = 0, replaced_value_int64 int = 0
    LabelEncoder 1 | X T1 | Y T2 | T1 int64 string, T2 int64 string | classes_strings strings, default_int64 int = -1,
      default_string string = _Unused
    LabelEncoder 2 | X T1 | Y T2 | T1 int64 float string, T2 int64 float string | default_float float = -0,
      default_int64 int = -1, default_string string = _Unused, keys_floats floats, keys_int64s ints, keys_strings
      strings, values_floats floats, values_int64s ints, values_strings strings
    LabelEncoder 4 | X T1 | Y T2 | T1 int16 int32 int64 float double string, T2 int16 int32 int64 float double string
      | default_float float = -0, default_int64 int = -1, default_string string = _Unused, default_tensor tensor,
      keys_floats floats, keys_int64s ints, keys_strings strings, keys_tensor tensor, values_floats floats,
      values_int64s ints, values_strings strings, values_tensor tensor
    LinearClassifier 1 | X T1 | Y T2, Z float | T1 int32 int64 float double, T2 int64 string | classlabels_ints ints,
      classlabels_strings strings, coefficients! floats, intercepts floats, multi_class int = 0, post_transform string
      = NONE
    LinearRegressor 1 | X T | Y float | T int32 int64 float double | coefficients floats, intercepts floats,
      post_transform string = NONE, targets int = 1
    Normalizer 1 | X T | Y float | T int32 int64 float double | norm string = MAX
    OneHotEncoder 1 | X T | Y float | T int32 int64 float double string | cats_int64s ints, cats_strings strings,
      zeros int = 1
    Scaler 1 | X T | Y float | T int32 int64 float double | offset floats, scale floats
    SVMClassifier 1 | X T1 | Y T2, Z float | T1 int32 int64 float double, T2 int64 string | classlabels_ints ints,
      classlabels_strings strings, coefficients floats, kernel_params floats, kernel_type string = LINEAR,
      post_transform string = NONE, prob_a floats, prob_b floats, rho floats, support_vectors floats,
      vectors_per_class ints
    SVMRegressor 1 | X T | Y float | T int32 int64 float double | coefficients floats, kernel_params floats,
      kernel_type string = LINEAR, n_supports int = 0, one_class int = 0, post_transform string = NONE, rho floats,
      support_vectors floats
    TreeEnsemble 5 | X T | Y T | T @floats | aggregate_function int = 1, leaf_targetids! ints, leaf_weights! tensor,
      membership_values tensor, n_targets int, nodes_falseleafs! ints, nodes_falsenodeids! ints, nodes_featureids!
      ints, nodes_hitrates tensor, nodes_missing_value_tracks_true ints, nodes_modes! tensor, nodes_splits! tensor,
      nodes_trueleafs! ints, nodes_truenodeids! ints, post_transform int = 0, tree_roots! ints
    TreeEnsembleClassifier 1 | X T1 | Y T2, Z float | T1 int32 int64 float double, T2 int64 string | base_values
      floats, class_ids ints, class_nodeids ints, class_treeids ints, class_weights floats, classlabels_int64s ints,
      classlabels_strings strings, nodes_falsenodeids ints, nodes_featureids ints, nodes_hitrates floats,
      nodes_missing_value_tracks_true ints, nodes_modes strings, nodes_nodeids ints, nodes_treeids ints,
      nodes_truenodeids ints, nodes_values floats, post_transform string = NONE
    TreeEnsembleClassifier 3 | X T1 | Y T2, Z float | T1 int32 int64 float double, T2 int64 string | base_values
      floats, base_values_as_tensor tensor, class_ids ints, class_nodeids ints, class_treeids ints, class_weights
      floats, class_weights_as_tensor tensor, classlabels_int64s ints, classlabels_strings strings, nodes_falsenodeids
      ints, nodes_featureids ints, nodes_hitrates floats, nodes_hitrates_as_tensor tensor,
      nodes_missing_value_tracks_true ints, nodes_modes strings, nodes_nodeids ints, nodes_treeids ints,
      nodes_truenodeids ints, nodes_values floats, nodes_values_as_tensor tensor, post_transform string = NONE
    TreeEnsembleClassifier 5 deprecated | X T1 | Y T2, Z float | T1 int32 int64 float double, T2 int64 string |
      base_values floats, base_values_as_tensor tensor, class_ids ints, class_nodeids ints, class_treeids ints,
      class_weights floats, class_weights_as_tensor tensor, classlabels_int64s ints, classlabels_strings strings,
      nodes_falsenodeids ints, nodes_featureids ints, nodes_hitrates floats, nodes_hitrates_as_tensor tensor,
      nodes_missing_value_tracks_true ints, nodes_modes strings, nodes_nodeids ints, nodes_treeids ints,
      nodes_truenodeids ints, nodes_values floats, nodes_values_as_tensor tensor, post_transform string = NONE
    TreeEnsembleRegressor 1 | X T | Y float | T int32 int64 float double | aggregate_function string = SUM,
      base_values floats, n_targets int, nodes_falsenodeids ints, nodes_featureids ints, nodes_hitrates floats,
      nodes_missing_value_tracks_true ints, nodes_modes strings, nodes_nodeids ints, nodes_treeids ints,
      nodes_truenodeids ints, nodes_values floats, post_transform string = NONE, target_ids ints, target_nodeids ints,
      target_treeids ints, target_weights floats
    TreeEnsembleRegressor 3 | X T | Y float | T int32 int64 float double | aggregate_function string = SUM,
      base_values floats, base_values_as_tensor tensor, n_targets int, nodes_falsenodeids ints, nodes_featureids ints,
      nodes_hitrates floats, nodes_hitrates_as_tensor tensor, nodes_missing_value_tracks_true ints, nodes_modes
      strings, nodes_nodeids ints, nodes_treeids ints, nodes_truenodeids ints, nodes_values floats,
      nodes_values_as_tensor tensor, post_transform string = NONE, target_ids ints, target_nodeids ints,
      target_treeids ints, target_weights floats, target_weights_as_tensor tensor
    TreeEnsembleRegressor 5 deprecated | X T | Y float | T int32 int64 float double | aggregate_function string = SUM,
      base_values floats, base_values_as_tensor tensor, n_targets int, nodes_falsenodeids ints, nodes_featureids ints,
      nodes_hitrates floats, nodes_hitrates_as_tensor tensor, nodes_missing_value_tracks_true ints, nodes_modes
      strings, nodes_nodeids ints, nodes_treeids ints, nodes_truenodeids ints, nodes_values floats,
      nodes_values_as_tensor tensor, post_transform string = NONE, target_ids ints, target_nodeids ints,
      target_treeids ints, target_weights floats, target_weights_as_tensor tensor
    ZipMap 1 | X float | Z T | T seq(map(int64 float) map(string float)) | classlabels_int64s ints,
      classlabels_strings strings
    """
}
