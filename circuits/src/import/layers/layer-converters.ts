import { type LayerConverter, soleInput } from '../layer-call.ts';
import { convertActivation } from './activation.ts';
import { convertBatchNormalization } from './batch-normalization.ts';
import { convertConv1d } from './conv1d.ts';
import { convertConv2d } from './conv2d.ts';
import { convertDense } from './dense.ts';
import { convertDepthwiseConv2d } from './depthwise-conv2d.ts';
import { convertAdd, convertConcatenate } from './merging.ts';
import {
  globalPoolConverter,
  globalSequencePoolConverter,
  poolConverter,
  sequencePoolConverter,
} from './pooling.ts';
import { convertLeakyReLU, convertReLU } from './rectifiers.ts';
import { convertFlatten, convertReshape } from './reshaping.ts';
import { convertSeparableConv2d } from './separable-conv2d.ts';
import { convertSoftmax } from './softmax.ts';
import { convertZeroPadding2d } from './zero-padding2d.ts';

/** What acts in training alone passes its input on. */
const convertTrainingOnly: LayerConverter = (call) => soleInput(call);

/**
 * The layers that import knows, by the class name in the model file; models and their inputs come
 * on top.
 */
export const LAYER_CONVERTERS: ReadonlyMap<string, LayerConverter> = new Map([
  ['Dense', convertDense],
  ['Conv1D', convertConv1d],
  ['Conv2D', convertConv2d],
  ['DepthwiseConv2D', convertDepthwiseConv2d],
  ['SeparableConv2D', convertSeparableConv2d],
  ['BatchNormalization', convertBatchNormalization],
  ['Activation', convertActivation],
  ['ReLU', convertReLU],
  ['LeakyReLU', convertLeakyReLU],
  ['Softmax', convertSoftmax],
  ['MaxPooling1D', sequencePoolConverter('maxPool2d')],
  ['MaxPooling2D', poolConverter('maxPool2d')],
  ['AveragePooling1D', sequencePoolConverter('averagePool2d')],
  ['AveragePooling2D', poolConverter('averagePool2d')],
  ['GlobalMaxPooling1D', globalSequencePoolConverter('maxPool2d')],
  ['GlobalMaxPooling2D', globalPoolConverter('maxPool2d')],
  ['GlobalAveragePooling1D', globalSequencePoolConverter('averagePool2d')],
  ['GlobalAveragePooling2D', globalPoolConverter('averagePool2d')],
  ['Flatten', convertFlatten],
  ['Reshape', convertReshape],
  ['ZeroPadding2D', convertZeroPadding2d],
  ['Add', convertAdd],
  ['Concatenate', convertConcatenate],
  ['Dropout', convertTrainingOnly],
  ['SpatialDropout1D', convertTrainingOnly],
  ['SpatialDropout2D', convertTrainingOnly],
  ['AlphaDropout', convertTrainingOnly],
  ['GaussianDropout', convertTrainingOnly],
  ['GaussianNoise', convertTrainingOnly],
]);
