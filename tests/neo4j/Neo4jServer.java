import java.nio.file.Path;
import java.util.Map;
import org.neo4j.configuration.GraphDatabaseSettings;
import org.neo4j.configuration.connectors.BoltConnector;
import org.neo4j.configuration.helpers.SocketAddress;
import org.neo4j.dbms.api.DatabaseManagementService;
import org.neo4j.dbms.api.DatabaseManagementServiceBuilder;
import org.neo4j.graphdb.QueryExecutionException;

/**
 * A Neo4j Community for tests: kernel, Cypher, Bolt and user security as in the packaged server, without its HTTP side.
 * Arguments: a folder and a port; the password comes in the environment. LOAD CSV may read whatever this process may read:
 * what the analyst door lets through here it would let through on the most careless server.
 */
public class Neo4jServer {
    public static void main(String[] arguments) throws Exception {
        var home = Path.of(arguments[0]).toAbsolutePath();
        var loopback = new SocketAddress("127.0.0.1", Integer.parseInt(arguments[1]));
        var server = new DatabaseManagementServiceBuilder(home)
                .setConfig(BoltConnector.enabled, true)
                .setConfig(BoltConnector.listen_address, loopback)
                .setConfig(BoltConnector.advertised_address, loopback)
                .setConfig(GraphDatabaseSettings.auth_enabled, true)
                .build();
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown));
        setPassword(server, System.getenv("NEO4J_PASSWORD"));
        System.out.println("answers at bolt://" + loopback);
        Thread.currentThread().join();
    }

    private static void setPassword(DatabaseManagementService server, String password) {
        var text = "ALTER USER neo4j SET PASSWORD $password CHANGE NOT REQUIRED";
        try (var transaction = server.database("system").beginTx()) {
            transaction.execute(text, Map.<String, Object>of("password", password)).close();
            transaction.commit();
        } catch (QueryExecutionException refused) {
            // A folder that was used before has this password already, and Neo4j refuses to set the same again.
            if (!refused.getMessage().contains("cannot be the same")) {
                server.shutdown();
                throw refused;
            }
        }
    }
}
