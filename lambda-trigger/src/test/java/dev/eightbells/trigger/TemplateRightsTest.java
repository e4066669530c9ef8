package dev.eightbells.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.batch.BatchId;
import dev.eightbells.batch.LakeLayout;
import dev.eightbells.batch.Step;
import dev.eightbells.pipeline.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the deployment template lets the function and the steps do. */
class TemplateRightsTest {
    private static final Pattern ACTION =
            Pattern.compile("\"((?:elasticmapreduce|emr-serverless|emr-containers):\\w+)\"");
    private static final Map<String, String> POLICIES = Map.of(
            "EmrSteps",
            "emr-steps",
            "EmrCluster",
            "emr-cluster",
            "EmrServerless",
            "emr-serverless",
            "EmrOnEks",
            "emr-on-eks");

    private static Template template;

    @BeforeAll
    static void load() throws IOException {
        template = Template.load();
    }

    @Test
    void grantsNothingWholesale() {
        List<Map<?, ?>> allowed = Template.statements(template.at("Resources"))
                .filter(statement -> statement.get("Effect").equals("Allow"))
                .toList();

        assertThat(allowed).isNotEmpty().allSatisfy(statement -> assertThat(Template.all(statement, "Action"))
                .allSatisfy(action -> assertThat((String) action).doesNotContain("*")));
        assertThat(allowed)
                .filteredOn(statement -> Template.all(statement, "Resource").contains("*"))
                .flatExtracting(statement -> Template.all(statement, "Action"))
                .containsOnly("elasticmapreduce:ListClusters", "elasticmapreduce:RunJobFlow");
        assertThat(allowed)
                .filteredOn(statement -> Template.all(statement, "Action").stream()
                        .anyMatch(List.of("elasticmapreduce:RunJobFlow", "elasticmapreduce:AddTags")::contains))
                .hasSize(2)
                .allSatisfy(statement -> assertThat(statement.get("Condition").toString())
                        .contains("aws:RequestTag/for-use-with-amazon-emr-managed-policies"));
        assertThat(allowed)
                .filteredOn(statement -> Template.all(statement, "Action").contains("iam:PassRole"))
                .hasSize(3)
                .allSatisfy(statement ->
                        assertThat(statement.get("Condition").toString()).contains("iam:PassedToService"));
    }

    @Test
    void grantsWhatTheServicesAreAskedFor() throws IOException {
        Map<String, Set<String>> granted = POLICIES.values().stream()
                .collect(Collectors.toMap(policy -> policy, policy -> template.granted("FunctionRole", policy)));

        assertThat(granted)
                .hasSize(4)
                .containsEntry(
                        "emr-steps",
                        Set.of(
                                "elasticmapreduce:AddJobFlowSteps",
                                "elasticmapreduce:DescribeCluster",
                                "elasticmapreduce:ListClusters",
                                "elasticmapreduce:ListSteps"))
                .containsEntry(
                        "emr-cluster",
                        Set.of(
                                "elasticmapreduce:AddTags",
                                "elasticmapreduce:DescribeCluster",
                                "elasticmapreduce:ListClusters",
                                "elasticmapreduce:ListSteps",
                                "elasticmapreduce:RunJobFlow",
                                "iam:PassRole"))
                .containsEntry(
                        "emr-serverless",
                        Set.of(
                                "emr-serverless:GetJobRun",
                                "emr-serverless:StartApplication",
                                "emr-serverless:StartJobRun",
                                "emr-serverless:TagResource",
                                "iam:PassRole"))
                .containsEntry(
                        "emr-on-eks",
                        Set.of(
                                "emr-containers:DescribeJobRun",
                                "emr-containers:StartJobRun",
                                "emr-containers:TagResource"));
        Set<String> all = granted.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
        int named = 0;
        for (Path file : sources("job")) {
            Set<String> asked = actions(file);
            named += asked.size();
            assertThat(POLICIES.entrySet().stream()
                            .filter(policy -> file.getFileName().toString().startsWith(policy.getKey()))
                            .map(policy -> granted.get(policy.getValue()))
                            .findFirst()
                            .orElse(all))
                    .as(file.toString())
                    .containsAll(asked);
        }
        assertThat(named).isPositive();
    }

    @Test
    void looksAtJobsWhereverTheyRunAndSendsThemToOnePlace() {
        assertThat(resources("emr-steps", "elasticmapreduce:DescribeCluster")).containsExactly("cluster/*");
        assertThat(resources("emr-steps", "elasticmapreduce:ListSteps")).containsExactly("cluster/*");
        assertThat(resources("emr-steps", "elasticmapreduce:AddJobFlowSteps")).containsExactly("cluster/${ClusterId}");
        assertThat(resources("emr-cluster", "elasticmapreduce:DescribeCluster")).containsExactly("cluster/*");
        assertThat(resources("emr-cluster", "elasticmapreduce:ListSteps")).containsExactly("cluster/*");
        assertThat(resources("emr-serverless", "emr-serverless:GetJobRun"))
                .containsExactly("/applications/*", "/applications/*/jobruns/*");
        assertThat(resources("emr-serverless", "emr-serverless:StartJobRun"))
                .containsExactly("/applications/${Id}", "/applications/${Id}/jobruns/*");
        assertThat(resources("emr-on-eks", "emr-containers:DescribeJobRun"))
                .containsExactly("/virtualclusters/*", "/virtualclusters/*/jobruns/*");
        assertThat(resources("emr-on-eks", "emr-containers:StartJobRun"))
                .containsExactly("/virtualclusters/${VirtualClusterId}");
    }

    @Test
    void grantsTheLedgerAndTheSteps() {
        assertThat(template.granted("FunctionRole", "watch"))
                .contains("s3:ListBucket", "s3:GetObject", "s3:PutObject")
                .doesNotContain("s3:DeleteObject");
        assertThat(Template.actions(template.property("StepsPolicy", "PolicyDocument")))
                .contains(
                        "s3:ListBucket",
                        "s3:GetObject",
                        "s3:PutObject",
                        "s3:DeleteObject",
                        "s3:AbortMultipartUpload",
                        "glue:CreateDatabase",
                        "glue:CreateTable",
                        "glue:GetTable",
                        "glue:UpdateTable",
                        "kms:Decrypt",
                        "kms:GenerateDataKey",
                        "redshift-serverless:GetCredentials",
                        "redshift:GetClusterCredentialsWithIAM",
                        "secretsmanager:GetSecretValue");
    }

    @Test
    void letsTheFunctionWriteTheLedgerAloneWhereverTheLakeLies() {
        List<Pattern> written = arns("watch", "s3:PutObject")
                .map(arn -> arn.substring(arn.indexOf('/') + 1))
                .map(keys -> Pattern.compile(keys.replace(".", "\\.").replace("*", ".*")))
                .toList();
        BatchId batch = BatchId.parse("20261122T0800Z");

        for (String lake : List.of("", "web-events/", "teams/web/events/")) {
            assertThat(List.of(
                            LakeLayout.IDENTITY,
                            LakeLayout.definition("0123"),
                            LakeLayout.manifest(1),
                            LakeLayout.marker(batch, Step.CONVERT),
                            LakeLayout.attempt(batch, 1),
                            LakeLayout.batch(batch) + "submissions/1.json",
                            "stragglers/2026-11-22.json"))
                    .allMatch(key -> written.stream()
                            .anyMatch(keys -> keys.matcher(lake + key).matches()));
            assertThat(List.of(
                            LakeLayout.table(new TableName("web", "events")) + "metadata/1.json",
                            LakeLayout.quarantine(batch, 1) + "0-0.json.gz",
                            LakeLayout.qualityReport(batch, 1),
                            LakeLayout.copyList("0123"),
                            LakeLayout.REPORT))
                    .noneMatch(key -> written.stream()
                            .anyMatch(keys -> keys.matcher(lake + key).matches()));
        }
    }

    /** What of this account and region the function may do something to, by the ends of the ARNs. */
    private static List<String> resources(String policy, String action) {
        return arns(policy, action)
                .map(arn -> arn.replaceFirst(".*:\\$\\{AWS::AccountId}:", ""))
                .toList();
    }

    private static Stream<String> arns(String policy, String action) {
        return template.policies("FunctionRole", policy)
                .flatMap(Template::statements)
                .filter(statement -> Template.all(statement, "Action").contains(action))
                .flatMap(statement -> Template.all(statement, "Resource").stream())
                .map(TemplateRightsTest::substituted);
    }

    private static String substituted(Object resource) {
        Object text = ((Map<?, ?>) resource).get("Fn::Sub");
        return (String) (text instanceof List<?> list ? list.get(0) : text);
    }

    private static List<Path> sources(String name) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/java/dev/eightbells", name))) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    private static Set<String> actions(Path file) throws IOException {
        return ACTION.matcher(Files.readString(file))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
    }
}
