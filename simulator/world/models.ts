export type GpuModel = {
  readonly vastName: string
  readonly driverName: string
  readonly memoryMib: number
  readonly reservedMib: number
  readonly idleWatts: number
  readonly maxWatts: number
  readonly idleCelsius: number
  readonly loadCelsius: number
  readonly maxOperatingCelsius: number
  readonly smClockMhz: number
  readonly memoryClockMhz: number
  readonly dollarsPerHour: number
  readonly dataCentre: boolean
  readonly perInstance: readonly number[]
}

export const GPU_MODELS = {
  'RTX 4090': {
    vastName: 'RTX 4090',
    driverName: 'NVIDIA GeForce RTX 4090',
    memoryMib: 24_564,
    reservedMib: 512,
    idleWatts: 24,
    maxWatts: 450,
    idleCelsius: 38,
    loadCelsius: 71,
    maxOperatingCelsius: 83,
    smClockMhz: 2520,
    memoryClockMhz: 10_501,
    dollarsPerHour: 0.42,
    dataCentre: false,
    perInstance: [1, 2, 4, 8],
  },
  'H100 SXM': {
    vastName: 'H100 SXM',
    driverName: 'NVIDIA H100 80GB HBM3',
    memoryMib: 81_559,
    reservedMib: 552,
    idleWatts: 72,
    maxWatts: 700,
    idleCelsius: 31,
    loadCelsius: 64,
    maxOperatingCelsius: 87,
    smClockMhz: 1980,
    memoryClockMhz: 2619,
    dollarsPerHour: 2.19,
    dataCentre: true,
    perInstance: [2, 4, 8],
  },
  'A100 SXM': {
    vastName: 'A100 SXM4',
    driverName: 'NVIDIA A100-SXM4-80GB',
    memoryMib: 81_920,
    reservedMib: 569,
    idleWatts: 58,
    maxWatts: 400,
    idleCelsius: 29,
    loadCelsius: 61,
    maxOperatingCelsius: 85,
    smClockMhz: 1410,
    memoryClockMhz: 1593,
    dollarsPerHour: 1.19,
    dataCentre: true,
    perInstance: [1, 4, 8],
  },
  L40S: {
    vastName: 'L40S',
    driverName: 'NVIDIA L40S',
    memoryMib: 46_068,
    reservedMib: 655,
    idleWatts: 34,
    maxWatts: 350,
    idleCelsius: 33,
    loadCelsius: 66,
    maxOperatingCelsius: 87,
    smClockMhz: 2520,
    memoryClockMhz: 9001,
    dollarsPerHour: 0.86,
    dataCentre: true,
    perInstance: [1, 2, 4],
  },
} as const satisfies Record<string, GpuModel>

export type ModelName = keyof typeof GPU_MODELS
export const MODEL_NAMES = Object.keys(GPU_MODELS).filter((name): name is ModelName => name in GPU_MODELS)
