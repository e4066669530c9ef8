package dev.eightbells.job;

import dev.eightbells.Failure;
import dev.eightbells.pipeline.Compute;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.emr.model.ComputeLimits;
import software.amazon.awssdk.services.emr.model.ComputeLimitsUnitType;
import software.amazon.awssdk.services.emr.model.InstanceFleetConfig;
import software.amazon.awssdk.services.emr.model.InstanceFleetProvisioningSpecifications;
import software.amazon.awssdk.services.emr.model.InstanceFleetType;
import software.amazon.awssdk.services.emr.model.InstanceTypeConfig;
import software.amazon.awssdk.services.emr.model.OnDemandProvisioningAllocationStrategy;
import software.amazon.awssdk.services.emr.model.SpotProvisioningAllocationStrategy;
import software.amazon.awssdk.services.emr.model.SpotProvisioningTimeoutAction;

/**
 * The machines of a batch's own cluster, in units of 4 vCPUs. Its primary and its core are on demand, so that it outlives
 * the loss of any spot machine; what it grows by is spot. All are whole numbers of the smallest machine.
 *
 * @param types what the machines may be
 * @param core units on demand, beside the primary
 * @param task units of spot machines to begin with; 0 for none ever
 * @param most units that it grows to, those on demand included
 */
record Fleets(List<String> types, int core, int task, int most) {
    private static final Pattern XLARGE = Pattern.compile("\\.([0-9]*)xlarge");

    // How long EMR looks for spot machines, in minutes, before it takes the first ones on demand.
    private static final int SPOT_MINUTES = 10;

    Fleets {
        types = List.copyOf(types);
    }

    /**
     * The machines for a batch of this size.
     *
     * @throws Failure of kind INPUT when no machine is within what the pipeline file allows
     */
    static Fleets of(Compute.EmrCluster target, Sizing sizing) {
        int smallest = smallest(target.instanceTypes());
        int wanted = whole(Math.max(sizing.coreUnits(), smallest), smallest);
        int most = whole(
                target.maxUnits() == null ? Math.max(sizing.units(), wanted + smallest) : target.maxUnits(), smallest);
        if (most == 0) {
            throw Failure.input("Cannot make a cluster of at most " + target.maxUnits()
                    + " units (compute.maxUnits): the smallest of"
                    + " compute.instanceTypes has " + smallest
                    + " units of 4 vCPUs. Allow more units, or name smaller machines.");
        }

        int core = Math.min(wanted, most);
        return new Fleets(target.instanceTypes(), core, Math.min(wanted, most - core), most);
    }

    List<InstanceFleetConfig> configs() {
        List<InstanceFleetConfig> fleets = new ArrayList<>();
        fleets.add(onDemand(InstanceFleetType.MASTER, 1)
                .instanceTypeConfigs(primaries())
                .build());
        fleets.add(onDemand(InstanceFleetType.CORE, core)
                .instanceTypeConfigs(machines(core))
                .build());
        if (task > 0) {
            fleets.add(spot().instanceTypeConfigs(machines(task)).build());
        }
        return fleets;
    }

    ComputeLimits limits() {
        return ComputeLimits.builder()
                .unitType(ComputeLimitsUnitType.INSTANCE_FLEET_UNITS)
                .minimumCapacityUnits(core)
                .maximumCapacityUnits(most)
                .maximumOnDemandCapacityUnits(core)
                .maximumCoreCapacityUnits(core)
                .build();
    }

    private static InstanceFleetConfig.Builder onDemand(InstanceFleetType type, int units) {
        return InstanceFleetConfig.builder()
                .name(type.toString())
                .instanceFleetType(type)
                .targetOnDemandCapacity(units)
                .launchSpecifications(InstanceFleetProvisioningSpecifications.builder()
                        .onDemandSpecification(specification ->
                                specification.allocationStrategy(OnDemandProvisioningAllocationStrategy.LOWEST_PRICE))
                        .build());
    }

    private InstanceFleetConfig.Builder spot() {
        return InstanceFleetConfig.builder()
                .name(InstanceFleetType.TASK.toString())
                .instanceFleetType(InstanceFleetType.TASK)
                .targetSpotCapacity(task)
                .launchSpecifications(InstanceFleetProvisioningSpecifications.builder()
                        .spotSpecification(specification -> specification
                                .allocationStrategy(SpotProvisioningAllocationStrategy.PRICE_CAPACITY_OPTIMIZED)
                                .timeoutDurationMinutes(SPOT_MINUTES)
                                .timeoutAction(SpotProvisioningTimeoutAction.SWITCH_TO_ON_DEMAND))
                        .build());
    }

    // A primary counts as one whatever it is, so it is one of the smallest.
    private List<InstanceTypeConfig> primaries() {
        int smallest = smallest(types);
        return types.stream()
                .filter(type -> units(type) == smallest)
                .map(type -> machine(type, 1))
                .toList();
    }

    private List<InstanceTypeConfig> machines(int target) {
        return types.stream()
                .filter(type -> units(type) <= target)
                .map(type -> machine(type, units(type)))
                .toList();
    }

    private static InstanceTypeConfig machine(String type, int units) {
        return InstanceTypeConfig.builder()
                .instanceType(type)
                .weightedCapacity(units)
                .build();
    }

    // EMR fills what is not a whole number of machines with one more, and then the cluster is larger than it may be.
    private static int whole(int units, int machine) {
        return units - units % machine;
    }

    private static int smallest(List<String> types) {
        return types.stream().mapToInt(Fleets::units).min().orElseThrow();
    }

    private static int units(String type) {
        Matcher size = XLARGE.matcher(type);
        if (!size.find()) {
            throw new IllegalArgumentException(
                    "Invalid instance type: " + type + " (of 4 vCPUs or a multiple of them).");
        }
        return size.group(1).isEmpty() ? 1 : Integer.parseInt(size.group(1));
    }
}
