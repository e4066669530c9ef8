package dev.eightbells.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import dev.eightbells.pipeline.Compute;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.emr.model.ComputeLimits;
import software.amazon.awssdk.services.emr.model.InstanceFleetConfig;
import software.amazon.awssdk.services.emr.model.InstanceFleetType;
import software.amazon.awssdk.services.emr.model.InstanceTypeConfig;

class FleetsTest {
    private static final long GB = 1L << 30;

    @Test
    void onlyWhatTheClusterGrowsByIsSpot() {
        for (Sizing sizing : Sizing.TABLE) {
            Fleets fleets = fleets(Compute.EmrCluster.DEFAULT_INSTANCE_TYPES, null, sizing.below() - 1);

            assertThat(fleets.configs())
                    .extracting(InstanceFleetConfig::instanceFleetType)
                    .containsExactly(InstanceFleetType.MASTER, InstanceFleetType.CORE, InstanceFleetType.TASK);
            assertThat(fleets.configs().subList(0, 2)).allMatch(fleet -> fleet.targetSpotCapacity() == null);
            assertThat(fleets.configs().get(2).targetOnDemandCapacity()).isNull();
            assertThat(fleets.limits().maximumOnDemandCapacityUnits()).isEqualTo(sizing.coreUnits());
            assertThat(fleets.limits().maximumCoreCapacityUnits()).isEqualTo(sizing.coreUnits());
            assertThat(fleets.limits().maximumCapacityUnits())
                    .isEqualTo(Math.max(sizing.units(), sizing.coreUnits() + 1));
        }
    }

    @Test
    void noMachineIsLargerThanItsFleet() {
        Fleets fleets = fleets(List.of("m6g.xlarge", "m6g.2xlarge", "m6g.16xlarge"), null, 20 * GB);

        assertThat(machines(fleets.configs().get(0))).containsExactly("m6g.xlarge=1");
        assertThat(machines(fleets.configs().get(1))).containsExactly("m6g.xlarge=1", "m6g.2xlarge=2");
        assertThat(machines(fleets.configs().get(2))).containsExactly("m6g.xlarge=1", "m6g.2xlarge=2");
    }

    @Test
    void aClusterOfLargeMachinesHasAtLeastOneOfEachKind() {
        Fleets fleets = fleets(List.of("r6g.8xlarge"), null, 1);

        assertThat(fleets.core()).isEqualTo(8);
        assertThat(fleets.task()).isEqualTo(8);
        assertThat(fleets.most()).isEqualTo(16);
        assertThat(machines(fleets.configs().get(0))).containsExactly("r6g.8xlarge=1");
    }

    @Test
    void growsNoFurtherThanItMay() {
        ComputeLimits limits =
                fleets(Compute.EmrCluster.DEFAULT_INSTANCE_TYPES, 6, 2000 * GB).limits();

        assertThat(limits.minimumCapacityUnits()).isEqualTo(6);
        assertThat(limits.maximumCapacityUnits()).isEqualTo(6);
        assertThat(fleets(Compute.EmrCluster.DEFAULT_INSTANCE_TYPES, 6, 2000 * GB)
                        .configs())
                .extracting(InstanceFleetConfig::instanceFleetType)
                .containsExactly(InstanceFleetType.MASTER, InstanceFleetType.CORE);
    }

    @Test
    void takesWholeMachinesOnly() {
        Fleets six = fleets(List.of("m5.4xlarge"), 6, 1);
        Fleets eleven = fleets(List.of("m5.4xlarge"), 11, 1);

        assertThat(six).isEqualTo(new Fleets(List.of("m5.4xlarge"), 4, 0, 4));
        assertThat(eleven).isEqualTo(new Fleets(List.of("m5.4xlarge"), 4, 4, 8));
        for (int size : List.of(1, 2, 4, 8, 12, 16, 24)) {
            for (Sizing sizing : Sizing.TABLE) {
                Fleets fleets = fleets(List.of("m6i." + size + "xlarge"), null, sizing.below() - 1);
                assertThat(List.of(fleets.core(), fleets.task(), fleets.most()))
                        .allMatch(units -> units > 0 && units % size == 0);
                assertThat(fleets.core() + fleets.task()).isLessThanOrEqualTo(fleets.most());
            }
        }
    }

    @Test
    void refusesALimitBelowTheSmallestMachine() {
        assertThatThrownBy(() -> fleets(List.of("r6g.8xlarge", "r6g.4xlarge"), 3, 1))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.INPUT))
                .hasMessage("Cannot make a cluster of at most 3 units (compute.maxUnits): the smallest of"
                        + " compute.instanceTypes has 4 units of 4 vCPUs. Allow more units, or name smaller machines.");
    }

    private static Fleets fleets(List<String> types, Integer maxUnits, long bytes) {
        return Fleets.of(Fixtures.cluster(types, maxUnits), Sizing.of(bytes));
    }

    private static List<String> machines(InstanceFleetConfig fleet) {
        return fleet.instanceTypeConfigs().stream()
                .map((InstanceTypeConfig type) -> type.instanceType() + "=" + type.weightedCapacity())
                .toList();
    }
}
