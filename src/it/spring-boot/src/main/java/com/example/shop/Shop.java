package com.example.shop;

import dev.cascadecleanup.CascadeGuard;
import dev.cascadecleanup.CascadeIndexes;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Profile;

@SpringBootApplication
public class Shop {

    public static void main(String[] arguments) {
        SpringApplication.run(Shop.class, arguments);
    }

    /** Spring Boot hands every Callback bean to Flyway. */
    @Bean
    @Profile("guard")
    CascadeGuard cascadeGuard() {
        return new CascadeGuard();
    }

    @Bean
    @Profile("indexes")
    CascadeIndexes cascadeIndexes() {
        return new CascadeIndexes();
    }
}
